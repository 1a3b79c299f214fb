/**
 * A lock that the kernel frees the instant its holder dies, whatever killed it: an exclusive
 * transaction held open on a small SQLite file. No heartbeat, no stale file to judge.
 */

import { DatabaseSync } from 'node:sqlite'
import { monotonic } from '../lib/clock.ts'
import { untilFree } from './busy.ts'
import { isBusy } from './sqlite-error.ts'

export interface Lock {
  release(): void
}

/** Waits at most `patience` milliseconds, 0 for one try; undefined when somebody else has it, here or elsewhere. */
export async function lockFile(path: string, patience: number): Promise<Lock | undefined> {
  const file = new DatabaseSync(path, { timeout: 0 })
  const deadline = monotonic() + patience
  try {
    await untilFree(() => file.exec('begin exclusive'), { deadline, isBusy })
    return { release: () => file.close() }
  } catch (error) {
    file.close()
    if (isBusy(error)) return undefined
    throw error
  }
}
