/** What a dispatcher tells a runner of its run: a file in the run's folder, so that no secret is in argv. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place } from '../board/board.ts'
import type { Policy } from '../board/fail.ts'
import { writePrivate } from '../lib/files.ts'
import { readJson } from '../lib/json.ts'
import { BoardError } from '../model/error.ts'
import type { Profile } from '../workers/profiles.ts'

/**
 * Settings are as they were at the claim: a file that is broken by now must not break what is under way.
 * No schema, as nobody but us writes it: making one takes a tenth of the time in which a worker starts.
 */
export interface Ticket {
  readonly root: string
  /** How this very program is started: the `hermes` of the worker is it. */
  readonly program: readonly string[]
  readonly place: Place
  readonly task: string
  readonly run: number
  readonly lock: string
  readonly profile: string
  /** The profile's. */
  readonly settings: Profile
  /** Whom the worker may give work to. */
  readonly team: readonly { readonly name: string; readonly description: string }[]
  /** Whose quota the run uses. */
  readonly account: string
  /** Seconds between two ends of the lease. */
  readonly ttl: number
  /** What happens to a failure. */
  readonly policy: Policy
  readonly logMaxBytes: number
  readonly logBackups: number
  readonly maxCreated: number
}

/** Another one with each change of what a ticket says: an upgrade may replace the runner's program under its dispatcher. */
const format = 1

export function writeTicket(folder: string, what: Ticket): Promise<void> {
  return writePrivate(ticketFile(folder), JSON.stringify({ format, ...what }))
}

/** Throws for one that is not there, not whole, or of another version of this program. */
export async function readTicket(folder: string): Promise<Ticket> {
  const ticket = JSON.parse(await readFile(ticketFile(folder), 'utf8'))
  if (ticket.format === format) return ticket
  throw new BoardError(
    'environment',
    'the dispatcher that started this run is of another version of this program: restart it with `hermes gateway restart`',
  )
}

type Glance = Partial<Pick<Ticket, 'task' | 'place' | 'ttl'>>

/** What others than its runner ask of a ticket, of another version of this program too: a run outlives an upgrade. */
export async function glanceAt(folder: string): Promise<Glance> {
  return (await readJson(ticketFile(folder))) ?? {}
}

function ticketFile(folder: string): string {
  return join(folder, 'ticket.json')
}
