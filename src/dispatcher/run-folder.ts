/** The folder of one run, 0700: the ticket that its runner starts from (a file, so that no secret is in argv), the brief, the runner's own log, its socket, its end while the board does not answer. */

import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writePrivate } from '../lib/files.ts'
import { socketPath } from '../lib/socket.ts'
import { type End, end } from '../model/end.ts'
import { runFolder } from './host.ts'

export const ticket = z.object({
  root: z.string(),
  /** How this very program is started: the `hermes` of the worker is it. */
  program: z.array(z.string()),
  place: z.object({
    slug: z.string(),
    database: z.string(),
    workspaces: z.string(),
    logs: z.string(),
  }),
  task: z.string(),
  run: z.number().int(),
  lock: z.string(),
  profile: z.string(),
  /** Whose quota the run uses; its profile's own where left out. */
  account: z.string().optional(),
  /** Seconds between two ends of the lease. */
  ttl: z.number(),
  /** What happens to a failure. */
  policy: z.object({
    limit: z.number().int(),
    source: z.enum(['flag', 'config', 'default']),
    delay: z.number(),
  }),
  // Settings as they were at the claim: a file that is broken by now must not break what is under way.
  logMaxBytes: z.number().int(),
  maxCreated: z.number().int(),
})

export type Ticket = z.output<typeof ticket>

export function folderOfRun(
  root: string,
  run: { task: string; run: number; lock: string },
): string {
  const own = createHash('sha256').update(run.lock).digest('hex').slice(0, 8)
  return join(runFolder(root), `${run.task}.${run.run}.${own}`)
}

export function writeTicket(folder: string, what: Ticket): Promise<void> {
  return writePrivate(join(folder, 'ticket.json'), JSON.stringify(what))
}

export async function readTicket(folder: string): Promise<Ticket> {
  return ticket.parse(JSON.parse(await readFile(join(folder, 'ticket.json'), 'utf8')))
}

/** Kept by a runner that cannot reach the board. */
export function writeEnd(folder: string, what: End): Promise<void> {
  return writePrivate(join(folder, 'end.json'), JSON.stringify(what))
}

/** Undefined where the runner left none that can be read. */
export async function readEnd(folder: string): Promise<End | undefined> {
  try {
    return end.parse(JSON.parse(await readFile(join(folder, 'end.json'), 'utf8')))
  } catch {
    return undefined
  }
}

/** With the socket of a runner that could not close it, which lies elsewhere when the path is long. */
export async function removeRunFolder(folder: string): Promise<void> {
  await rm(socketPath(folder), { force: true })
  await rm(folder, { recursive: true, force: true })
}
