/**
 * One pass over the boards of a home: free what has expired, promote, make what is due, claim and start;
 * and, beside it, see to what runs. Holds nothing that is not on a board: kill it at any moment and
 * begin again.
 */

import type { Board } from '../board/board.ts'
import type { Policy } from '../board/fail.ts'
import type { Config, Environment } from '../config.ts'
import { type Clock, monotonic } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { messageOf } from '../lib/thrown.ts'
import type { ProfileBook } from '../workers/profile-book.ts'
import { attend } from './attendance.ts'
import { tellEnds } from './ends.ts'
import { fatesOf, without } from './fates.ts'
import { watchHealth } from './health.ts'
import { liveRuns } from './live.ts'
import { type Looked, lookAt } from './look.ts'
import { openBoards } from './open-boards.ts'
import { type BoardPlan, type Host, least, merge, planBoard, type Start } from './plan.ts'
import { policyOf } from './policy.ts'
import { clockwork } from './recurring.ts'
import { type Closed, count, emptyReport, type Report, spawnedOf } from './report.ts'
import { lastChanceIn } from './see-to.ts'
import { createStarter } from './starter.ts'
import { survey } from './survey.ts'
import { isWaitedFor, type Trouble, troubles } from './trouble.ts'
import { upkeep } from './upkeep.ts'

/** How soon a board that could not be used for the moment is tried again, in seconds. */
const againSeconds = 2

export interface DispatcherOptions {
  readonly environment: Environment
  readonly host: string
  /** How this very program is started: the runners are it. */
  readonly program: readonly string[]
  readonly config: () => Promise<Config>
  readonly profiles: ProfileBook
  readonly clock: Clock
  /** Milliseconds that never go back; those of the system where left out. */
  readonly monotonic?: () => number
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
  /** Why the last pass could use no board at all; null when it could. */
  failure(): string | null
  /** What kept the last pass from some of the work; null when nothing did. */
  fault(): string | null
  /** Ends and closes what no runner looks after any more, to its end: it needs no lock, the board decides once. */
  seeToRuns(how?: Pick<Pass, 'failureLimit'>): Promise<Closed[]>
  /** Resolves when every runner that was started is at work or gone, or after so many milliseconds. */
  handshakes(patience: number): Promise<void>
  /** Lets go of everything; runners and workers go on. */
  close(): Promise<void>
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { environment, host, clock, log, onChange = () => {} } = options
  const open = openBoards(environment, clock, onChange)
  const newTrouble = troubles(log)
  const clocks = clockwork(log)
  const now = options.monotonic ?? monotonic
  const keepUp = upkeep(clocks, now)
  let policy: Policy = { limit: 5, source: 'default', delay: 5 }
  let nextIn: number | null = null
  let failure: string | null = null
  let fault: string | null = null
  const health = watchHealth({
    now,
    tell(warning) {
      if (warning === null) log.info('work starts again')
      else log.warn(warning)
      options.onHealth?.(warning)
    },
  })
  // Not told by the starter: a runner may still find that there is no worker to be had.
  const ends = tellEnds({ host, log, onLaunch: health.launched })
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
  })

  async function pass(how: Pass = {}): Promise<Report> {
    try {
      return await passOver(how)
    } catch (error) {
      health.failed(messageOf(error))
      throw error
    }
  }

  async function passOver(how: Pass): Promise<Report> {
    const config = await options.config()
    policy = policyOf(config, how.failureLimit)
    const profiles = await options.profiles.entries()
    const timers = await clocks.timers(config.recurring)
    const report = emptyReport()
    const trouble = newTrouble()
    const looked = await look(trouble)
    if (!how.dryRun) {
      for (const one of looked) await trouble.on(one.board, () => ends(one))
      seeBeside(looked)
    }
    const fates = how.dryRun ? await fatesOf(environment.root, looked) : []
    const here = survey(host, config, profiles, without(looked, fates))
    const plans: Planned[] = []
    for (const { board, runs } of looked) {
      const own = timers.filter((timer) => timer.board === board.slug)
      const planning = { timers: own, listIds: how.listIds ?? false }
      const plan = await trouble.on(board, () =>
        keepUp(board, {
          plan: (reader) => planBoard(reader, board.slug, here, planning),
          timers: own,
          attempt: (work) => trouble.on(board, work),
          report,
          ...(how.dryRun
            ? { dry: { fates: fates.filter(({ run }) => runs.includes(run)), policy } }
            : {}),
        }),
      )
      if (plan === undefined) continue
      count(report, plan)
      plans.push({ board, plan })
    }
    const starts = merge(plans, here, how.max ?? Number.POSITIVE_INFINITY)
    if (how.dryRun) {
      report.spawned.push(...starts.map(spawnedOf))
    } else {
      const startable = starts.map(({ board, task }) => ({ board: board.slug, id: task.id }))
      health.passed(startable, report.skipped.held ?? 0)
      report.spawned.push(...(await startAll(starts, here, config, trouble)).map(spawnedOf))
    }
    report.faults.push(...trouble.faults())
    fault = report.faults.join('; ') || null
    failure = plans.length === 0 && fault !== null ? `no board can be dispatched: ${fault}` : null
    nextIn = least([
      ...plans.map(({ plan }) => plan.nextIn),
      ...looked.flatMap(({ runs }) => runs.map(lastChanceIn)),
      trouble.passes() ? againSeconds : null,
    ])
    return report
  }

  async function look(trouble: Trouble): Promise<Looked[]> {
    const { boards, faults } = await open.all()
    for (const { board, error } of faults) trouble.tell(board, error)
    const looked: Looked[] = []
    for (const board of boards) {
      const one = await trouble.on(board, () => lookAt(board, host))
      if (one !== undefined) looked.push(one)
    }
    return looked
  }

  /** Endings take their time, and a pass must not. */
  function seeBeside(looked: readonly Looked[]): void {
    attendance.keepOnly(looked)
    for (const { board, runs } of looked) {
      for (const run of runs) attendance.see(board, run).catch(complain)
    }
  }

  /** A pass has said already which board it waits for. */
  function complain(error: unknown): undefined {
    if (isWaitedFor(error)) return
    log.error(messageOf(error))
  }

  async function startAll(
    starts: readonly Start<Board>[],
    here: Host,
    config: Config,
    trouble: Trouble,
  ): Promise<Start<Board>[]> {
    const started: Start<Board>[] = []
    for (const start of starts) {
      const well = await trouble.on(start.board, () => starter.start(start, here, config))
      if (well) started.push(start)
    }
    return started
  }

  return {
    pass,
    nextIn: () => nextIn,
    failure: () => failure,
    fault: () => fault,
    async seeToRuns(how = {}) {
      const config = await options.config()
      policy = policyOf(config, how.failureLimit)
      const looks = (await look(newTrouble())).flatMap(({ board, runs }) =>
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
      await open.close()
    },
  }
}

interface Planned {
  readonly board: Board
  readonly plan: BoardPlan
}
