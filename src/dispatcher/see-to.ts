/**
 * What a dispatcher does about a run of this installation: nothing while its runner lives, and what
 * the runner could not do any more once it is gone. Whoever comes by may do it; the board decides once.
 */

import { setTimeout as pause } from 'node:timers/promises'
import type { Board } from '../board/board.ts'
import type { Policy } from '../board/fail.ts'
import { noteSession } from '../board/session.ts'
import { settle } from '../board/settle.ts'
import { bootId, endProcesses, isAlive } from '../lib/process.ts'
import type { End } from '../model/end.ts'
import { lockToken } from '../model/lock.ts'
import { sql } from '../store/sql.ts'
import { readReport, usageIn } from '../workers/report.ts'
import { type LiveRun, liveRun } from './live.ts'
import { readEnd } from './read-end.ts'
import { folderOfRun, readRunnerLog, removeRunFolder, reportFile } from './run-folder.ts'

/** How long a claim may wait for its runner's first write, in seconds. */
const handshakeSeconds = 10

/** How long a worker without a runner has between TERM and KILL, in milliseconds. */
const graceMs = 10_000

/** Seconds until a claim without a runner is given up; null when it has one. */
export function lastChanceIn(run: LiveRun): number | null {
  if (run.runner_pid !== null) return null
  return Math.max(0, run.started_at + handshakeSeconds - run.seen_at)
}

export interface SeeTo {
  readonly root: string
  readonly policy: Policy
  /** What the runner said before it exited, where its own dispatcher saw that. */
  readonly sawExit?: string | undefined
}

/** `ending`: its runner is gone, but something that it started cannot be ended yet. */
export type Sight = 'alive' | 'starting' | 'ending' | 'ended'

/** Looks at the run and, when its runner is gone, ends what is left of it and closes it. */
export async function seeTo(board: Board, run: LiveRun, how: SeeTo): Promise<Sight> {
  const folder = folderOf(how.root, run)
  const standing = standingOf(run, how.sawExit)
  switch (standing) {
    case 'starting':
    case 'alive':
      return standing
    case 'unstarted':
      if (!(await neverStarted(board, run, how))) return 'alive'
      break
    case 'restarted':
      await noteUsage(board, run, folder)
      await close(board, run, how, (await readEnd(folder)) ?? restarted)
      break
    case 'gone': {
      // The runner may have written its worker's pid in between, its last deed.
      const last = run.worker_pid === null ? ((await latest(board, run)) ?? run) : run
      if (!(await endAll(last))) return 'ending'
      await noteUsage(board, run, folder)
      await close(board, run, how, await leftBy(last, folder))
    }
  }
  await removeRunFolder(folder)
  return 'ended'
}

/** How the run would be closed if it were seen to now; undefined while nothing is to be done about it. Changes nothing. */
export async function fateOf(root: string, run: LiveRun): Promise<End | undefined> {
  const folder = folderOf(root, run)
  switch (standingOf(run)) {
    case 'unstarted':
      return unstarted(folder)
    case 'restarted':
      return (await readEnd(folder)) ?? restarted
    case 'gone':
      return leftBy(run, folder)
    default:
      return undefined
  }
}

/** `unstarted`: it never came to have a runner. `restarted`: its machine was started again since. */
type Standing = 'starting' | 'unstarted' | 'alive' | 'restarted' | 'gone'

function standingOf(run: LiveRun, sawExit?: string): Standing {
  const { runner_pid: pid, runner_start: start } = run
  if (pid === null || start === null) {
    return sawExit === undefined && lastChanceIn(run) !== 0 ? 'starting' : 'unstarted'
  }
  if (!start.startsWith(`${bootId()}:`)) return 'restarted'
  return isAlive(pid, start) ? 'alive' : 'gone'
}

const restarted: End = { how: 'stopped', exit: null, reason: 'host restarted' }

/** What the runner could not tell the board; without that nobody knows. */
async function leftBy({ worker_pid: pid }: LiveRun, folder: string): Promise<End> {
  return (await readEnd(folder)) ?? { how: 'runner_gone', pid }
}

/**
 * What its runner left, which may know that nothing is wrong with the task. Else counted as a failure only when
 * its dispatcher saw it exit: the machine may have been too slow.
 */
async function unstarted(folder: string, sawExit?: string): Promise<End> {
  const left = await readEnd(folder)
  if (left !== undefined) return left
  const said = (sawExit ?? (await readRunnerLog(folder))).trim()
  const error = said === '' ? 'its runner made no sign of life' : said
  return { how: 'not_started', error, counted: sawExit !== undefined }
}

function folderOf(root: string, { task_id: task, id: run, claim_lock: lock }: LiveRun): string {
  return folderOfRun(root, { task, run, lock })
}

/** A board that cannot be asked must not keep an orphan alive: what it was last known to be is ended. */
function latest(board: Board, { id }: LiveRun): Promise<LiveRun | undefined> {
  return inTime(board.store.read((reader) => liveRun(reader, id)))
}

/** How long a server is waited for before what must not go on is ended without it, in milliseconds. */
const silentMs = 2_000

/** Undefined without an answer: a network that swallows packets says nothing for longer than can be waited. */
export async function inTime<T>(asked: Promise<T>): Promise<T | undefined> {
  const over = new AbortController()
  const silence = pause(silentMs, undefined, { signal: over.signal })
  try {
    return await Promise.race([asked, silence])
  } catch {
    return undefined
  } finally {
    over.abort()
  }
}

/** False while something is left that cannot be ended: in the kernel, or another user's. */
async function endAll(run: LiveRun): Promise<boolean> {
  const { left } = await endProcesses({
    pgid: run.worker_pid,
    start: run.process_start,
    token: lockToken(run.claim_lock),
    graceMs,
  })
  return left.length === 0
}

/** False when the runner made its first write after all: only one of the two can happen. */
async function neverStarted(board: Board, run: LiveRun, how: SeeTo): Promise<boolean> {
  const saw = how.sawExit !== undefined
  const end = await unstarted(folderOf(how.root, run), how.sawExit)
  return board.store.write(async (tx) => {
    const latest = saw ? tx.now : tx.now - handshakeSeconds
    const waiting = await tx.get(sql`
      select 1 from task_runs
      where id = ${run.id} and runner_pid is null and started_at <= ${latest}`)
    if (waiting === undefined) return false
    await settle(tx, run.task_id, { run: run.id, lock: run.claim_lock }, end, how.policy)
    return true
  })
}

/** What its worker told of it, which its runner could not pass on any more. */
async function noteUsage(board: Board, run: LiveRun, folder: string): Promise<void> {
  const usage = usageIn(await readReport(reportFile(folder)))
  if (usage === null) return
  const fence = { run: run.id, lock: run.claim_lock }
  await board.store.write((tx) => noteSession(tx, fence, { usage }))
}

function close(board: Board, run: LiveRun, how: SeeTo, end: End): Promise<void> {
  const fence = { run: run.id, lock: run.claim_lock }
  return board.store.write((tx) => settle(tx, run.task_id, fence, end, how.policy))
}
