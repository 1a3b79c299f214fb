/** What a person typed, for the arrow keys of the next conversation. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writePrivate } from '../../lib/files.ts'

const most = 1000

export interface History {
  /** The latest first, as a line editor wants them. */
  readonly lines: string[]
  keep(lines: readonly string[]): Promise<void>
}

export async function readHistory(profileFolder: string): Promise<History> {
  const file = join(profileFolder, 'chat_history')
  const text = await readFile(file, 'utf8').catch(() => '')
  return {
    lines: text.split('\n').filter(Boolean).reverse().slice(0, most),
    async keep(lines) {
      const oldestFirst = lines.slice(0, most).toReversed()
      await writePrivate(file, oldestFirst.map((line) => `${line}\n`).join(''))
    },
  }
}
