import { dirname } from 'node:path'
import type { Board } from '../board/board.ts'
import { keyAt } from '../board/holds.ts'
import {
  type Config,
  type Environment,
  isUrl,
  namedDatabase,
  readConfig,
  readGatewayConfig,
} from '../config.ts'
import { dispatcherAlive } from '../dispatcher/holder.ts'
import { machineOf, thisHost } from '../dispatcher/host.ts'
import { type Looked, lookAt } from '../dispatcher/look.ts'
import { openBoards } from '../dispatcher/open-boards.ts'
import { troubles } from '../dispatcher/trouble.ts'
import { type Upcoming, upcoming } from '../dispatcher/upcoming.ts'
import { unusable, unwritable } from '../dispatcher/writable.ts'
import type { Clock } from '../lib/clock.ts'
import { formatDuration } from '../lib/duration.ts'
import { silent } from '../lib/log.ts'
import { plural } from '../lib/plural.ts'
import { BoardError } from '../model/error.ts'
import { withoutPassword } from '../store/postgres-error.ts'
import type { PartStatus } from './part.ts'
import { findGateway } from './start.ts'

export interface Status {
  readonly home: string
  /** The name of this machine on boards that several share. */
  readonly machine: string
  /** The server where the boards are; null when they are files of this home. */
  readonly database: string | null
  readonly running: boolean
  /** It runs, its dispatcher is at work, and there is a board that it can use. */
  readonly dispatching: boolean
  readonly pid: number | null
  /** Unix seconds. */
  readonly since: number | null
  /** What would start it again. */
  readonly service: string | null
  readonly parts: Readonly<Record<string, PartStatus>>
  /** Who dispatches where the gateway does not. */
  readonly other_dispatcher: number | null
  readonly boards: number
  readonly workers: number
  /** What the clock makes. */
  readonly recurring: readonly Upcoming[]
  readonly warnings: readonly string[]
}

/** How a home's gateway is, seen from another process. */
export async function gatewayStatus(environment: Environment, clock: Clock): Promise<Status> {
  const { root } = environment
  const { alive, state } = await findGateway(root)
  const parts = state?.parts ?? {}
  const warnings = [...Object.values(parts).flatMap(({ warning }) => warning ?? [])]
  const configured = await configOf(root)
  const found = await look(environment, configured.recurring, clock)
  // What the dispatcher has found itself is said once.
  const news = found.faults.filter((fault) => !warnings.some((known) => known.includes(fault)))
  warnings.push(...news, ...configured.warnings)
  const dispatching = alive && parts.dispatcher?.state === 'on' && !found.hopeless
  const { holder } = dispatching ? { holder: undefined } : await dispatcherAlive(root)
  const chats = await chatWarnings(root)
  warnings.push(...chats.filter((warning) => !warnings.includes(warning)))
  const database = await sharedDatabase(environment)
  return {
    home: root,
    machine: machineOf(await thisHost(root, configured.host)),
    database,
    running: alive,
    dispatching,
    pid: state?.pid ?? null,
    since: state?.since ?? null,
    service: state?.service ?? null,
    parts,
    other_dispatcher: holder === undefined || holder.pid === state?.pid ? null : holder.pid,
    boards: found.boards,
    workers: found.workers,
    recurring: found.recurring,
    warnings,
  }
}

/** A board that cannot be read is a fault here, and the others are counted. */
async function look(environment: Environment, entries: Config['recurring'], clock: Clock) {
  const host = await thisHost(environment.root)
  const trouble = troubles(silent)()
  const open = openBoards(environment, clock)
  try {
    const { boards, faults } = await open.all()
    for (const { board, error } of faults) trouble.tell(board, error)
    // Where nothing can be written, the gateway cannot write down that it does not get on.
    const shut = unusable(environment.root)
    if (shut !== undefined) trouble.tell('', shut)
    const known = new Set([...boards.map(({ slug }) => slug), ...faults.map(({ board }) => board)])
    const readable: Board[] = []
    const held: string[] = []
    let usable = 0
    let workers = 0
    for (const board of boards) {
      const seen = await trouble.on(board, () => lookAt(board, host))
      if (seen === undefined) continue
      readable.push(board)
      workers += seen.runs.length
      held.push(...heldBoards(seen, host))
      const full = isUrl(board.database) ? undefined : unwritable(dirname(board.database))
      if (full === undefined) usable += 1
      else trouble.tell(board.slug, full)
    }
    const recurring = await upcoming(entries, readable)
    const nowhere = recurring.filter(({ board }) => !known.has(board))
    return {
      boards: boards.length,
      workers,
      recurring,
      /** No board can be used now, whatever the dispatcher has noticed of it. */
      hopeless: shut !== undefined || (usable === 0 && trouble.faults().length > 0),
      faults: [
        ...trouble.faults(),
        ...held,
        ...nowhere.map(({ name, board }) => `${name} is not made: there is no board ${board} here`),
      ],
    }
  } finally {
    await open.close()
  }
}

/** A machine that is at fault holds its boards, and a person may. */
function heldBoards({ board, holds }: Looked, host: string): string[] {
  return holds
    .filter(({ scope }) => scope === 'board')
    .filter(({ key }) => key === board.slug || key === keyAt(board.slug, host))
    .map(({ reason }) => `nothing of the board ${board.slug} starts: ${reason}`)
}

async function configOf(
  root: string,
): Promise<Pick<Config, 'recurring' | 'host'> & { readonly warnings: readonly string[] }> {
  try {
    const { config, warnings } = await readConfig(root)
    return { recurring: config.recurring, host: config.host, warnings }
  } catch (error) {
    if (!(error instanceof BoardError)) throw error
    return { recurring: [], host: null, warnings: [error.message] }
  }
}

async function sharedDatabase(environment: Environment): Promise<string | null> {
  const url = await namedDatabase(environment).catch(() => undefined)
  return url === undefined || !isUrl(url) ? null : withoutPassword(url)
}

async function chatWarnings(root: string): Promise<readonly string[]> {
  try {
    return (await readGatewayConfig(root)).warnings
  } catch (error) {
    if (!(error instanceof BoardError)) throw error
    return [error.message]
  }
}

/** As a person reads it. */
export async function statusLines(status: Status, now: number): Promise<string[]> {
  const { home, machine, database, running, pid, since, service, parts } = status
  const { boards, workers, recurring, warnings } = status
  const age = since === null ? '' : ` for ${formatDuration(now - since)}`
  const by = service === null ? '' : `, kept by ${service}`
  const other = status.other_dispatcher
  return [
    running
      ? `The gateway of ${home} runs${age}: process ${pid ?? 'unknown'}${by}`
      : `No gateway runs for ${home}: start one with hermes gateway start`,
    ...Object.entries(parts).map(([name, part]) => `  ${name.padEnd(10)}  ${partLine(part)}`),
    ...(other === null ? [] : [`Process ${other} dispatches it.`]),
    ...(database === null ? [] : [`  boards are in ${database}, where this machine is ${machine}`]),
    `  ${plural(boards, 'board')}, ${plural(workers, 'worker')} at work${database === null ? '' : ' here'}`,
    ...(await recurringLines(recurring)),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ]
}

/** In the zone of each, for that is how it was asked for. */
async function recurringLines(all: readonly Upcoming[]): Promise<string[]> {
  if (all.length === 0) return []
  const { zonedTime } = await import('../lib/cron.ts')
  return all.map(({ name, board, zone, next_at }) =>
    next_at === null
      ? `  recurring   ${name}, on no board`
      : `  recurring   ${name} on ${board}, next at ${zonedTime(next_at, zone)} (${zone})`,
  )
}

export function partLine({ state, says }: PartStatus): string {
  return says === '' ? state : `${state}: ${says}`
}
