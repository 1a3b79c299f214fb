/**
 * What a dispatcher does about a run of this installation: nothing while its runner lives, and what
 * the runner could not do any more once it is gone. Whoever comes by may do it; the board decides once.
 */

import { rm } from 'node:fs/promises'
import type { Board } from '../board/board.ts'
import type { Policy } from '../board/fail.ts'
import { settle } from '../board/settle.ts'
import { bootId, endProcesses, isAlive } from '../lib/process.ts'
import type { End } from '../model/end.ts'
import { lockToken } from '../model/lock.ts'
import { sql } from '../store/sql.ts'
import type { LiveRun } from './live.ts'
import { folderOfRun, readEnd } from './run-folder.ts'

/** How long a claim may wait for its runner's first write, in seconds. */
const handshakeSeconds = 10

/** How long a worker without a runner has between TERM and KILL, in milliseconds. */
const graceMs = 10_000

/** When a claim without a runner is given up, in unix seconds. */
export function lastChance(run: LiveRun): number {
  return run.started_at + handshakeSeconds
}

export interface SeeTo {
  readonly root: string
  readonly policy: Policy
  readonly now: number
  /** What the runner said before it exited, where its own dispatcher saw that. */
  readonly sawExit?: string | undefined
}

/** Looks at the run and, when its runner is gone, ends what is left of it and closes it. */
export async function seeTo(
  board: Board,
  run: LiveRun,
  how: SeeTo,
): Promise<'alive' | 'starting' | 'ended'> {
  const folder = folderOfRun(how.root, { task: run.task_id, run: run.id, lock: run.claim_lock })
  if (run.runner_pid === null || run.runner_start === null) {
    if (how.sawExit === undefined && how.now < lastChance(run)) return 'starting'
    if (!(await neverStarted(board, run, how))) return 'alive'
  } else if (!run.runner_start.startsWith(`${bootId()}:`)) {
    await close(board, run, how, { how: 'stopped', exit: null, reason: 'host restarted' })
  } else if (isAlive(run.runner_pid, run.runner_start)) {
    return 'alive'
  } else {
    await endProcesses({
      pgid: run.worker_pid,
      start: run.process_start,
      token: lockToken(run.claim_lock),
      graceMs,
    })
    const gone: End = { how: 'runner_gone', pid: run.worker_pid }
    await close(board, run, how, (await readEnd(folder)) ?? gone)
  }
  await rm(folder, { recursive: true, force: true })
  return 'ended'
}

/** False when the runner made its first write after all: only one of the two can happen. */
function neverStarted(board: Board, run: LiveRun, how: SeeTo): Promise<boolean> {
  const error = how.sawExit?.trim() || 'its runner made no sign of life'
  const end: End = { how: 'not_started', error, counted: how.sawExit !== undefined }
  return board.store.write(async (tx) => {
    const waiting = await tx.get(
      sql`select 1 from task_runs where id = ${run.id} and runner_pid is null`,
    )
    if (waiting === undefined) return false
    await settle(tx, run.task_id, { run: run.id, lock: run.claim_lock }, end, how.policy)
    return true
  })
}

function close(board: Board, run: LiveRun, how: SeeTo, end: End): Promise<void> {
  const fence = { run: run.id, lock: run.claim_lock }
  return board.store.write((tx) => settle(tx, run.task_id, fence, end, how.policy))
}
