/** Who holds the dispatcher's lock, for people: the lock decides, this file only tells. */

import { join } from 'node:path'
import { z } from 'zod'
import { writePrivate } from '../lib/files.ts'
import { readJson } from '../lib/json.ts'
import { runFolder } from './host.ts'
import { takeLock } from './lock.ts'
import { unusable } from './writable.ts'

const holder = z.object({
  pid: z.number().int(),
  host: z.string(),
  since: z.number().int(),
  /** Why nothing starts although it is there. */
  trouble: z.string().nullable().default(null),
})

export type Holder = z.output<typeof holder>

export function writeHolder(root: string, who: Holder): Promise<void> {
  return writePrivate(join(runFolder(root), 'dispatcher.json'), JSON.stringify(who))
}

export interface Alive {
  readonly alive: boolean
  readonly holder: Holder | undefined
  /** Why it starts nothing although it is alive; null when nothing is known of that. */
  readonly trouble: string | null
}

/** Whether a dispatcher of this home is alive; who, as far as it can be known. */
export async function dispatcherAlive(root: string): Promise<Alive> {
  const lock = await takeLock(root, 'dispatcher')
  if (lock !== undefined) {
    lock.release()
    return { alive: false, holder: undefined, trouble: null }
  }
  const holder = await readHolder(root)
  return { alive: true, holder, trouble: unusable(root)?.message ?? holder?.trouble ?? null }
}

async function readHolder(root: string): Promise<Holder | undefined> {
  return holder.safeParse(await readJson(join(runFolder(root), 'dispatcher.json'))).data
}
