/** Where the dashboard of a home is, for whoever wants to open it. Tells only; a port that answers decides. */

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { runFolder } from '../dispatcher/host.ts'
import { writePrivate } from '../lib/files.ts'
import { readJson } from '../lib/json.ts'
import { isAlive } from '../lib/process.ts'

const running = z.object({
  pid: z.number().int(),
  /** `<boot id>:<start ticks>`: a later process with this pid is not meant. */
  start: z.string(),
  url: z.string(),
  /** What the process is besides. */
  by: z.enum(['dashboard', 'gateway']),
})

export type Running = z.output<typeof running>

function file(root: string): string {
  return join(runFolder(root), 'dashboard.json')
}

export function writeRunning(root: string, what: Running): Promise<void> {
  return writePrivate(file(root), JSON.stringify(what))
}

/** Undefined where none runs. */
export async function findRunning(root: string): Promise<Running | undefined> {
  const found = running.safeParse(await readJson(file(root))).data
  return found !== undefined && isAlive(found.pid, found.start) ? found : undefined
}

/** Only what this process has written: another one may run beside it. */
export async function removeRunning(root: string, url: string): Promise<void> {
  const found = await findRunning(root)
  if (found?.url === url) await rm(file(root), { force: true })
}
