/**
 * One pass over the boards of a home: free what has expired, promote, claim and start; and, beside
 * it, see to what runs. Holds nothing that is not on a board: kill it at any moment and begin again.
 */

import type { Board } from '../board/board.ts'
import type { Policy } from '../board/fail.ts'
import { latestEventId } from '../board/history.ts'
import { release } from '../board/reclaim.ts'
import type { Config, Environment } from '../config.ts'
import { type Clock, monotonic } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { BoardError } from '../model/error.ts'
import type { ProfileBook } from '../workers/profile-book.ts'
import { attend } from './attendance.ts'
import { watchHealth } from './health.ts'
import { type LiveRun, liveRuns } from './live.ts'
import { openBoards } from './open-boards.ts'
import { type BoardPlan, type Host, least, merge, planBoard, type Start } from './plan.ts'
import { promotable, promoteThese } from './promotions.ts'
import { type Closed, count, emptyReport, type Report, spawnedOf } from './report.ts'
import { lastChanceIn } from './see-to.ts'
import { createStarter } from './starter.ts'
import { survey } from './survey.ts'

/** Every this many milliseconds all of todo is looked at, whatever the events say. */
const sweepMs = 600_000

export interface DispatcherOptions {
  readonly environment: Environment
  readonly host: string
  /** How this very program is started: the runners are it. */
  readonly program: readonly string[]
  readonly config: () => Promise<Config>
  readonly profiles: ProfileBook
  readonly clock: Clock
  readonly log: Log
  /** Called when another pass may find something to do. */
  readonly onChange?: () => void
  /** Told what is wrong when work could start and none does, and null when that is over. */
  readonly onHealth?: (warning: string | null) => void
}

export interface Pass {
  /** Reports and writes nothing. */
  readonly dryRun?: boolean
  /** How many runs this pass may start. */
  readonly max?: number
  readonly failureLimit?: number
  /** A person reads the report: it lists the ids of what is skipped. */
  readonly listIds?: boolean
}

export interface Dispatcher {
  /** To be called by one at a time, under the lock of the tick. Takes no longer than reading and writing does. */
  pass(how?: Pass): Promise<Report>
  /** Seconds after the last pass in which something that is held back may start; null when nothing is. */
  nextIn(): number | null
  /** Ends and closes what no runner looks after any more, to its end: it needs no lock, the board decides once. */
  seeToRuns(): Promise<Closed[]>
  /** Resolves when every runner that was started is at work or gone, or after so many milliseconds. */
  handshakes(patience: number): Promise<void>
  /** Lets go of everything; runners and workers go on. */
  close(): Promise<void>
}

interface Looked {
  readonly board: Board
  readonly runs: readonly LiveRun[]
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { environment, host, clock, log, onChange = () => {} } = options
  const boards = openBoards(environment, clock, log, onChange)
  const cursors = new Map<Board, { event: number; sweptAt: number }>()
  let policy: Policy = { limit: 5, source: 'default', delay: 5 }
  let nextIn: number | null = null
  const health = watchHealth({
    now: monotonic,
    tell(warning) {
      if (warning === null) log.info('work starts again')
      else log.warn(warning)
      options.onHealth?.(warning)
    },
  })
  const attendance = attend({
    root: environment.root,
    log,
    policy: () => policy,
    onEnd: onChange,
  })
  const starter = createStarter({
    ...options,
    log,
    policy: () => policy,
    async onExit(board, id, said) {
      const runs = await board.store.read((reader) => liveRuns(reader, host))
      const run = runs.find((one) => one.id === id)
      if (run !== undefined) await attendance.see(board, run, said)
    },
    onLaunch: health.launched,
  })

  async function pass(how: Pass = {}): Promise<Report> {
    try {
      return await passOver(how)
    } catch (error) {
      health.failed(error instanceof Error ? error.message : String(error))
      throw error
    }
  }

  async function passOver(how: Pass): Promise<Report> {
    const config = await options.config()
    policy = policyOf(config, how.failureLimit)
    const profiles = await options.profiles.entries()
    const report = emptyReport()
    const looked = await lookAtRuns()
    const runs = looked.flatMap((one) => one.runs)
    if (!how.dryRun) seeBeside(looked)
    const here = survey(host, config, profiles, runs)
    const plans = await planAll(looked, here, how.listIds ?? false)
    for (const { plan } of plans) count(report, plan)
    for (const { board, plan } of plans) await tidy(board, plan, how.dryRun ?? false, report)
    const starts = merge(plans, here, how.max ?? Number.POSITIVE_INFINITY)
    if (how.dryRun) {
      report.spawned.push(...starts.map(spawnedOf))
    } else {
      health.passed(starts.map(({ task }) => task.id))
      report.spawned.push(...(await startAll(starts, here, config)).map(spawnedOf))
    }
    nextIn = least([...plans.map(({ plan }) => plan.nextIn), ...runs.map(lastChanceIn)])
    return report
  }

  async function lookAtRuns(): Promise<Looked[]> {
    const looked: Looked[] = []
    for (const board of await boards.all()) {
      const look = (): Promise<LiveRun[]> => board.store.read((reader) => liveRuns(reader, host))
      const runs = await onBoard(board, look)
      if (runs !== undefined) looked.push({ board, runs })
    }
    return looked
  }

  /** Endings take their time, and a pass must not. */
  function seeBeside(looked: readonly Looked[]): void {
    attendance.keepOnly(looked.flatMap((one) => one.runs))
    for (const { board, runs } of looked) {
      for (const run of runs) attendance.see(board, run).catch(complain)
    }
  }

  /** A broken board is said once a pass and never stops the others. */
  async function onBoard<T>(board: Board, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof BoardError)) throw error
      log.error(error.message, { board: board.slug })
      return undefined
    }
  }

  function complain(error: unknown): undefined {
    log.error(error instanceof Error ? error.message : String(error))
  }

  async function planAll(looked: readonly Looked[], here: Host, listIds: boolean) {
    const plans: { board: Board; plan: BoardPlan }[] = []
    for (const { board } of looked) {
      const read = () => board.store.read((reader) => planBoard(reader, board.slug, here, listIds))
      const plan = await onBoard(board, read)
      if (plan !== undefined) plans.push({ board, plan })
    }
    return plans
  }

  /** Frees what has expired and promotes what another program left waiting. */
  async function tidy(board: Board, plan: BoardPlan, dry: boolean, report: Report): Promise<void> {
    await onBoard(board, async () => {
      const known = cursors.get(board)
      const sweep = known === undefined || monotonic() - known.sweptAt > sweepMs
      const { waiting, event } = await board.store.read(async (reader) => ({
        waiting: await promotable(reader, sweep ? null : known.event),
        event: await latestEventId(reader),
      }))
      report.promoted += waiting.length
      report.reclaimed += plan.expired.length
      if (dry) return
      if (waiting.length > 0) await board.store.write((tx) => promoteThese(tx, waiting))
      cursors.set(board, { event, sweptAt: sweep ? monotonic() : known.sweptAt })
      for (const { task, run, pid } of plan.expired) {
        const ended = { pid, host_local: false, terminated: false, sigkill: false }
        await board.store.write((tx) => release(tx, task, run, ended))
      }
    })
  }

  /** A board that is locked costs the pass one wait, not one for each of its tasks. */
  async function startAll(
    starts: readonly Start<Board>[],
    here: Host,
    config: Config,
  ): Promise<Start<Board>[]> {
    const stuck = new Set<Board>()
    const started: Start<Board>[] = []
    for (const start of starts) {
      if (stuck.has(start.board)) continue
      try {
        if (await starter.start(start, here, config)) started.push(start)
      } catch (error) {
        if (!(error instanceof BoardError)) throw error
        log.warn(error.message, { board: start.board.slug })
        if (error.code === 'board_busy' || error.code === 'store_unreachable')
          stuck.add(start.board)
      }
    }
    return started
  }

  return {
    pass,
    nextIn: () => nextIn,
    async seeToRuns() {
      const config = await options.config()
      policy = policyOf(config, undefined)
      const looks = (await lookAtRuns()).flatMap(({ board, runs }) =>
        runs.map(async (run) => {
          const outcome = await attendance.see(board, run).catch(complain)
          return outcome === undefined ? [] : [{ task: run.task_id, outcome }]
        }),
      )
      return (await Promise.all(looks)).flat()
    },
    handshakes: starter.handshakes,
    async close() {
      attendance.stop()
      await boards.close()
    },
  }
}

function policyOf(config: Config, flag: number | undefined): Policy {
  const delay = config.retry_delay_seconds
  if (flag !== undefined) return { limit: flag, source: 'flag', delay }
  const source = config.failure_limit === null ? 'default' : 'config'
  return { limit: config.failure_limit ?? 5, source, delay }
}
