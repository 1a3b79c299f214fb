/** Who holds the dispatcher's lock, for people: the lock decides, this file only tells. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writePrivate } from '../lib/files.ts'
import { runFolder } from './host.ts'
import { takeLock } from './lock.ts'

const holder = z.object({ pid: z.number().int(), host: z.string(), since: z.number().int() })

export type Holder = z.output<typeof holder>

export function writeHolder(root: string, who: Holder): Promise<void> {
  return writePrivate(join(runFolder(root), 'dispatcher.json'), JSON.stringify(who))
}

/** Whether a dispatcher of this home is alive; who, as far as it can be known. */
export async function dispatcherAlive(
  root: string,
): Promise<{ readonly alive: boolean; readonly holder: Holder | undefined }> {
  const lock = await takeLock(root, 'dispatcher')
  lock?.release()
  return {
    alive: lock === undefined,
    holder: lock === undefined ? await readHolder(root) : undefined,
  }
}

async function readHolder(root: string): Promise<Holder | undefined> {
  try {
    return holder.parse(
      JSON.parse(await readFile(join(runFolder(root), 'dispatcher.json'), 'utf8')),
    )
  } catch {
    return undefined
  }
}
