/**
 * One pass over the boards of a home: see to what runs, free what has expired, promote, claim and
 * start. Holds nothing that is not on a board: kill it at any moment and begin again.
 */

import { setTimeout as pause } from 'node:timers/promises'
import { assign } from '../board/assign.ts'
import type { Board } from '../board/board.ts'
import { claim } from '../board/claim.ts'
import type { Policy } from '../board/fail.ts'
import { latestEventId } from '../board/history.ts'
import { holds } from '../board/holds.ts'
import { release } from '../board/reclaim.ts'
import type { Config, Environment } from '../config.ts'
import { type Clock, monotonic } from '../lib/clock.ts'
import { token } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import { BoardError } from '../model/error.ts'
import { claimLock } from '../model/lock.ts'
import type { Entry, ProfileBook } from '../workers/profile-book.ts'
import { admit } from './admit.ts'
import { attend } from './attendance.ts'
import { readyTask } from './candidates.ts'
import { type LiveRun, liveRuns } from './live.ts'
import { openBoards } from './open-boards.ts'
import { type BoardPlan, type Host, merge, planBoard, type Start, soonest } from './plan.ts'
import { promotable, promoteThese } from './promotions.ts'
import { emptyReport, type Report } from './report.ts'
import { lastChance } from './see-to.ts'
import { adopted, startRunner } from './start.ts'
import { survey } from './survey.ts'

/** Every this many milliseconds all of todo is looked at, whatever the events say. */
const sweepMs = 600_000

/** How long a pass by hand waits for its runners to be at work, in milliseconds. */
const handshakeMs = 10_000

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
}

export interface Pass {
  readonly dryRun?: boolean
  /** How many runs this pass may start. */
  readonly max?: number
  readonly failureLimit?: number
  /** A person waits for the report: list the ids of what is skipped, and see endings through. */
  readonly byHand?: boolean
}

export interface Dispatcher {
  pass(how?: Pass): Promise<Report>
  /** Unix seconds at which something that is held back may start; null when nothing is. */
  nextAt(): number | null
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
  const handshakes = new Set<Promise<unknown>>()
  let config: Config | undefined
  let policy: Policy = { limit: 5, source: 'default', delay: 5 }
  let nextAt: number | null = null
  const attendance = attend({
    root: environment.root,
    clock,
    log,
    policy: () => policy,
    ttl: () => config?.claim_ttl_seconds ?? 900,
    onEnd: onChange,
  })

  async function pass(how: Pass = {}): Promise<Report> {
    config = await options.config()
    policy = policyOf(config, how.failureLimit)
    const profiles = await options.profiles.entries()
    const report = emptyReport()
    const looked = await lookAtRuns(how, report)
    const runs = looked.flatMap((one) => one.runs)
    const here = survey(host, config, profiles, runs)
    const plans = await planAll(looked, here, how)
    for (const { plan } of plans) count(report, plan)
    for (const { board, plan } of plans) await tidy(board, plan, how, report)
    for (const start of merge(plans, here, how.max ?? Number.POSITIVE_INFINITY)) {
      if (how.dryRun || (await begin(start, profiles, here, config)))
        report.spawned.push(spawnedOf(start))
    }
    nextAt = soonest([
      ...plans.map(({ plan }) => plan.nextAt),
      ...runs.filter((run) => run.runner_pid === null).map(lastChance),
    ])
    if (how.byHand) await atMost(handshakeMs, Promise.all(handshakes))
    return report
  }

  async function lookAtRuns(how: Pass, report: Report): Promise<Looked[]> {
    const looked: Looked[] = []
    for (const board of await boards.all()) {
      const look = (): Promise<LiveRun[]> => board.store.read((reader) => liveRuns(reader, host))
      const runs = await onBoard(board, look)
      if (runs === undefined) continue
      looked.push({ board, runs })
      if (how.dryRun) continue
      const endings = runs.map(async (run) => {
        note(report, run, await attendance.see(board, run).catch(complain))
      })
      if (how.byHand) await Promise.all(endings)
    }
    return looked
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

  async function planAll(looked: readonly Looked[], here: Host, how: Pass) {
    const plans: { board: Board; plan: BoardPlan }[] = []
    for (const { board } of looked) {
      const read = () =>
        board.store.read((reader) => planBoard(reader, board.slug, here, how.byHand ?? false))
      const plan = await onBoard(board, read)
      if (plan !== undefined) plans.push({ board, plan })
    }
    return plans
  }

  /** Frees what has expired and promotes what another program left waiting. */
  async function tidy(board: Board, plan: BoardPlan, how: Pass, report: Report): Promise<void> {
    await onBoard(board, async () => {
      const known = cursors.get(board)
      const sweep = known === undefined || monotonic() - known.sweptAt > sweepMs
      const { waiting, event } = await board.store.read(async (reader) => ({
        waiting: await promotable(reader, sweep ? null : known.event),
        event: await latestEventId(reader),
      }))
      const sweptAt = sweep ? monotonic() : known.sweptAt
      report.promoted += waiting.length
      report.reclaimed += plan.expired.length
      if (how.dryRun) return
      cursors.set(board, { event, sweptAt })
      if (waiting.length > 0) await board.store.write((tx) => promoteThese(tx, waiting))
      for (const { task, run, pid } of plan.expired) {
        const ended = { pid, host_local: false, terminated: false, sigkill: false }
        await board.store.write((tx) => release(tx, task, run, ended))
      }
    })
  }

  /** False when the task was taken or changed since it was planned. */
  async function begin(
    { board, task, profile }: Start<Board>,
    profiles: ReadonlyMap<string, Entry>,
    here: Host,
    at: Config,
  ): Promise<boolean> {
    const settings = profiles.get(profile)?.profile
    const lock = claimLock(host, process.pid, token())
    try {
      const claimed = await board.store.write(async (tx) => {
        // Asked again inside the unit of work: a hold may have come since the plan was made.
        const now = { ...here, now: tx.now, board: board.slug, holds: await holds(tx) }
        const still = await readyTask(tx, task.id)
        if (still === undefined || admit(still, now) !== undefined) return { run: null }
        if (task.assignee === null) await assign(tx, task.id, profile, 'default')
        return claim(tx, task.id, {
          lock,
          host,
          ttl: at.claim_ttl_seconds,
          maxRuntime: (settings?.max_runtime ?? at.max_runtime) || null,
          runtime: settings?.runtime ?? null,
          model: settings?.model ?? null,
        })
      })
      if (claimed.run === null) return false
      await launch(board, task.id, claimed.run, lock, profile, at)
      return true
    } catch (error) {
      if (!(error instanceof BoardError)) throw error
      log.warn(error.message, { board: board.slug })
      return false
    }
  }

  async function launch(
    board: Board,
    task: string,
    run: number,
    lock: string,
    profile: string,
    at: Config,
  ): Promise<void> {
    const { slug, database, workspaces, logs } = board
    const started = await startRunner(options.program, {
      root: environment.root,
      place: { slug, database, workspaces, logs },
      task,
      run,
      lock,
      profile,
      ttl: at.claim_ttl_seconds,
      policy,
    })
    log.info(`started run ${run} of ${task}`, { profile, runner: started.pid ?? '' })
    const over = started.gone.then((said) => lookAgain(board, run, said)).catch(complain)
    const handshake = Promise.race([over, adopted(board.store, run)]).catch(complain)
    handshakes.add(handshake)
    handshake.then(() => handshakes.delete(handshake))
  }

  async function lookAgain(board: Board, id: number, said: string): Promise<void> {
    const runs = await board.store.read((reader) => liveRuns(reader, host))
    const run = runs.find((one) => one.id === id)
    if (run !== undefined) await attendance.see(board, run, said)
  }

  return {
    pass,
    nextAt: () => nextAt,
    async close() {
      await attendance.stop()
      await boards.close()
    },
  }
}

/** Also what keeps a short-lived process alive: neither a runner nor a watched file does. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController()
  const timeout = pause(ms, undefined, { signal: done.signal }).catch(() => {})
  await Promise.race([work, timeout])
  done.abort()
}

function policyOf(config: Config, flag: number | undefined): Policy {
  const delay = config.retry_delay_seconds
  if (flag !== undefined) return { limit: flag, source: 'flag', delay }
  const source = config.failure_limit === null ? 'default' : 'config'
  return { limit: config.failure_limit ?? 5, source, delay }
}

function spawnedOf({ task, profile }: Start<unknown>): Report['spawned'][number] {
  const workspace = task.workspace_path ?? task.workspace_kind
  return { task_id: task.id, assignee: profile, workspace }
}

function count(report: Report, { skipped }: BoardPlan): void {
  report.skipped_unassigned.push(...skipped.unassigned.ids)
  report.skipped_nonspawnable.push(...skipped.nonspawnable.ids)
  report.skipped_capped.push(...skipped.capped.ids)
  for (const [why, { count: more }] of Object.entries(skipped)) {
    report.skipped[why] = (report.skipped[why] ?? 0) + more
  }
}

function note(report: Report, run: LiveRun, outcome: string | undefined): void {
  if (outcome === 'crashed') report.crashed.push(run.task_id)
  if (outcome === 'timed_out') report.timed_out.push(run.task_id)
  if (outcome === 'gave_up') report.auto_blocked.push(run.task_id)
  if (outcome === 'reclaimed') report.reclaimed += 1
}
