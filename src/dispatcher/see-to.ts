/**
 * What a dispatcher does about a run of this installation: nothing while its runner lives, and what
 * the runner could not do any more once it is gone. Whoever comes by may do it; the board decides once.
 */

import type { Board } from '../board/board.ts'
import type { Policy } from '../board/fail.ts'
import { noteSession } from '../board/session.ts'
import { settle } from '../board/settle.ts'
import { bootId, endProcesses, isAlive } from '../lib/process.ts'
import type { End } from '../model/end.ts'
import { lockToken } from '../model/lock.ts'
import { sql } from '../store/sql.ts'
import { readReport, reportFile, usageIn } from '../workers/report.ts'
import { type LiveRun, liveRun } from './live.ts'
import { folderOfRun, readEnd, removeRunFolder } from './run-folder.ts'

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
  const folder = folderOfRun(how.root, { task: run.task_id, run: run.id, lock: run.claim_lock })
  if (run.runner_pid === null || run.runner_start === null) {
    if (how.sawExit === undefined && lastChanceIn(run) !== 0) return 'starting'
    if (!(await neverStarted(board, run, how))) return 'alive'
  } else if (!run.runner_start.startsWith(`${bootId()}:`)) {
    await noteUsage(board, run, folder)
    await close(board, run, how, { how: 'stopped', exit: null, reason: 'host restarted' })
  } else if (isAlive(run.runner_pid, run.runner_start)) {
    return 'alive'
  } else {
    // Read again: the runner may have written its worker's pid in between, its last deed.
    const last = (await latest(board, run)) ?? run
    if (!(await endAll(last))) return 'ending'
    const gone: End = { how: 'runner_gone', pid: last.worker_pid }
    await noteUsage(board, run, folder)
    await close(board, run, how, (await readEnd(folder)) ?? gone)
  }
  await removeRunFolder(folder)
  return 'ended'
}

/** A board that cannot be asked must not keep an orphan alive: what it was last known to be is ended. */
function latest(board: Board, { id }: LiveRun): Promise<LiveRun | undefined> {
  return board.store.read((reader) => liveRun(reader, id)).catch(() => undefined)
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
function neverStarted(board: Board, run: LiveRun, how: SeeTo): Promise<boolean> {
  const saw = how.sawExit !== undefined
  const error = how.sawExit?.trim() || 'its runner made no sign of life'
  const end: End = { how: 'not_started', error, counted: saw }
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
