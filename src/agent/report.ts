/** What a worker tells its runner, in the file that the runner names. */

import { writePrivate } from '../lib/files.ts'
import type { Report as Facts } from '../workers/report.ts'

export interface Report {
  /** Whether anybody reads it. */
  readonly isRead: boolean
  /** Adds to what was written before. */
  write(facts: Facts): Promise<void>
}

export function reportTo(file: string | undefined): Report {
  let known: Facts = {}
  return {
    isRead: file !== undefined,
    async write(facts) {
      known = { ...known, ...facts }
      if (file !== undefined) await writePrivate(file, JSON.stringify(known))
    },
  }
}
