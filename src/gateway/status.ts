import { type Environment, readConfig } from '../config.ts'
import { dispatcherAlive } from '../dispatcher/holder.ts'
import { thisHost } from '../dispatcher/host.ts'
import { liveRuns } from '../dispatcher/live.ts'
import { openBoards } from '../dispatcher/open-boards.ts'
import type { Clock } from '../lib/clock.ts'
import { formatDuration } from '../lib/duration.ts'
import { logTo } from '../lib/log.ts'
import { BoardError } from '../model/error.ts'
import type { PartStatus } from './part.ts'
import { findGateway } from './start.ts'

export interface Status {
  readonly home: string
  readonly running: boolean
  /** It runs and its dispatcher is at work. */
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
  readonly warnings: readonly string[]
}

/** How a home's gateway is, seen from another process. */
export async function gatewayStatus(environment: Environment, clock: Clock): Promise<Status> {
  const { root } = environment
  const { alive, state } = await findGateway(root)
  const parts = state?.parts ?? {}
  const dispatching = alive && parts.dispatcher?.state === 'on'
  const { holder } = dispatching ? { holder: undefined } : await dispatcherAlive(root)
  const warnings = [...Object.values(parts).flatMap(({ warning }) => warning ?? [])]
  const counts = await count(environment, clock, warnings)
  warnings.push(...(await configWarnings(root)))
  return {
    home: root,
    running: alive,
    dispatching,
    pid: state?.pid ?? null,
    since: state?.since ?? null,
    service: state?.service ?? null,
    parts,
    other_dispatcher: holder?.pid ?? null,
    ...counts,
    warnings,
  }
}

/** A board that cannot be opened is a warning here. */
async function count(
  environment: Environment,
  clock: Clock,
  warnings: string[],
): Promise<{ boards: number; workers: number }> {
  const host = await thisHost(environment.root)
  const faults = { write: (line: string) => warnings.push(line.replace(/^\S+ error /, '').trim()) }
  const boards = openBoards(environment, clock, logTo(faults, { clock, level: 'error' }))
  try {
    const all = await boards.all()
    let workers = 0
    for (const { store } of all) {
      workers += (await store.read((reader) => liveRuns(reader, host))).length
    }
    return { boards: all.length, workers }
  } finally {
    await boards.close()
  }
}

async function configWarnings(root: string): Promise<readonly string[]> {
  try {
    return (await readConfig(root)).warnings
  } catch (error) {
    if (!(error instanceof BoardError)) throw error
    return [error.message]
  }
}

/** As a person reads it. */
export function statusLines(status: Status, now: number): string[] {
  const { home, running, pid, since, service, parts, boards, workers, warnings } = status
  const age = since === null ? '' : ` for ${formatDuration(now - since)}`
  const by = service === null ? '' : `, kept by ${service}`
  const other = status.other_dispatcher
  return [
    running
      ? `The gateway of ${home} runs${age}: process ${pid ?? 'unknown'}${by}`
      : `No gateway runs for ${home}: start one with hermes gateway start`,
    ...Object.entries(parts).map(([name, part]) => `  ${name.padEnd(10)}  ${partLine(part)}`),
    ...(other === null ? [] : [`Process ${other} dispatches it.`]),
    `  ${plural(boards, 'board')}, ${plural(workers, 'worker')} at work`,
    ...warnings.map((warning) => `Warning: ${warning}`),
  ]
}

export function partLine({ state, says }: PartStatus): string {
  return says === '' ? state : `${state}: ${says}`
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
