/** What the runner writes about its processes, before and after the worker lives. */

import type { Exit } from '../model/end.ts'
import { BoardError } from '../model/error.ts'
import type { Fence } from '../model/run.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { fenced, refusal } from './move.ts'
import { record } from './record.ts'

export interface Process {
  readonly pid: number
  /** `<boot id>:<start ticks>`, so that a reused pid is never mistaken for it. */
  readonly start: string
}

/**
 * The runner's first write. False when the run is no longer open or another runner has it: then
 * the caller must exit and start nothing.
 */
export async function adoptRun(tx: Tx, fence: Fence, runner: Process): Promise<boolean> {
  const rows = await tx.run(sql`
    update task_runs set runner_pid = ${runner.pid}, runner_start = ${runner.start}
    where id = ${fence.run} and claim_lock = ${fence.lock} and runner_pid is null
      and ended_at is null`)
  return rows === 1
}

/**
 * The worker's process exists, behind its gate. Throws `run_ended` when the run was taken away, and
 * `conflict` when it has a worker.
 */
export async function start(
  tx: Tx,
  task: string,
  fence: Fence,
  worker: Process & { readonly workspace: string; readonly model?: string | null },
): Promise<void> {
  const rows = await tx.run(sql`
    update tasks set worker_pid = ${worker.pid}
    where id = ${task} and worker_pid is null ${fenced(fence)}`)
  if (rows === 0) throw await notStarting(tx, task, fence)
  await tx.run(sql`
    update task_runs set worker_pid = ${worker.pid}, process_start = ${worker.start},
      workspace = ${worker.workspace}, model = coalesce(model, ${worker.model ?? null})
    where id = ${fence.run}`)
  await record(tx, task, 'spawned', { pid: worker.pid }, fence.run)
}

async function notStarting(tx: Tx, id: string, fence: Fence): Promise<BoardError> {
  const own = await tx.get<{ worker_pid: number }>(
    sql`select worker_pid from tasks where id = ${id} ${fenced(fence)}`,
  )
  if (own === undefined) return refusal(tx, 'claim', id, fence)
  return new BoardError(
    'conflict',
    `run ${fence.run} of ${id} has a worker already, process ${own.worker_pid}; start no other`,
    { id, run: fence.run },
  )
}

/** No process of the run is left: from here on its task may be claimed again. */
export async function exited(tx: Tx, run: number, exit: Exit | null): Promise<void> {
  await tx.run(sql`
    update task_runs set exited_at = ${tx.now}, exit_code = ${exit?.code ?? null},
      exit_signal = ${exit?.signal ?? null}
    where id = ${run} and exited_at is null`)
}
