/** What a gateway tells about itself, for `status`, `stop` and whoever else asks. Its lock decides, this file only tells. */

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { runFolder } from '../dispatcher/host.ts'
import { writePrivate } from '../lib/files.ts'
import { readJson } from '../lib/json.ts'
import { partStatus } from './part.ts'

const state = z.object({
  pid: z.number().int(),
  /** `<boot id>:<start ticks>`: a later process with this pid is not meant. */
  start: z.string(),
  /** Unix seconds. */
  since: z.number().int(),
  /** Who started it and would start it again. */
  service: z.enum(['systemd', 'launchd']).nullable(),
  parts: z.record(z.string(), partStatus),
})

export type State = z.output<typeof state>

function stateFile(root: string): string {
  return join(runFolder(root), 'gateway.json')
}

export function writeState(root: string, what: State): Promise<void> {
  return writePrivate(stateFile(root), JSON.stringify(what))
}

/** Undefined where there is none that can be read. */
export async function readState(root: string): Promise<State | undefined> {
  return state.safeParse(await readJson(stateFile(root))).data
}

export function removeState(root: string): Promise<void> {
  return rm(stateFile(root), { force: true })
}
