/**
 * Runs as a program leaves them that knows of none: it claims a task without opening one, and ends
 * a task without closing the one that is open.
 */

import { statusNames } from '../../model/status.ts'
import { sql, words } from '../../store/sql.ts'
import type { Tx } from '../../store/store.ts'
import { endStray } from '../end-run.ts'
import type { RowStep } from './step.ts'

const [first, ...others] = statusNames.filter((status) => status !== 'running')

/** A status of another program may well have a run: only of ours is it known that none is open. */
const resting = words(first ?? '', ...others)

/**
 * Open runs by which no running task is claimed. A cross join begins with the few open runs, where
 * SQLite would rather begin with all the tasks (1.2 ms instead of 4 µs on 20,000).
 */
const lost = sql`
  from task_runs run cross join tasks task on task.id = run.task_id
  where run.ended_at is null and (task.status in (${resting}) or (task.status = 'running'
    and (task.current_run_id is not run.id or task.claim_lock <> run.claim_lock)))`

/** Running tasks that nobody has opened a run for. */
const missing = sql`
  from tasks task where task.status = 'running' and not exists (
    select 1 from task_runs run
    where run.id = task.current_run_id and run.task_id = task.id and run.ended_at is null)`

export const lostRuns: RowStep = {
  async needed(reader) {
    const one = await reader.get(sql`select 1 ${lost} limit 1`)
    return (one ?? (await reader.get(sql`select 1 ${missing} limit 1`))) !== undefined
  },
  async apply(tx) {
    await closeLost(tx)
    await openMissing(tx)
  },
}

async function closeLost(tx: Tx): Promise<void> {
  const runs = await tx.all<{ id: number; task_id: string; status: string }>(
    sql`select run.id, run.task_id, task.status ${lost}`,
  )
  for (const { id, task_id, status } of runs) await endStray(tx, task_id, id, status)
}

/**
 * From what the task says of its claim. A claim that names nobody, or no end, would never be let go
 * of: it is taken for one that ends now.
 */
async function openMissing(tx: Tx): Promise<void> {
  const tasks = await tx.all<{ id: string }>(sql`select task.id ${missing}`)
  for (const { id } of tasks) {
    await tx.run(sql`
      update tasks set claim_lock = coalesce(claim_lock, 'unknown:0'),
        claim_expires = coalesce(claim_expires, ${tx.now}) where id = ${id}`)
    const run = await tx.insert(sql`
      insert into task_runs (task_id, profile, step_key, status, claim_lock, claim_expires,
        worker_pid, max_runtime_seconds, last_heartbeat_at, started_at, origin)
      select id, assignee, current_step_key, 'running', claim_lock, claim_expires, worker_pid,
        max_runtime_seconds, last_heartbeat_at, coalesce(started_at, ${tx.now}), 'ready'
      from tasks where id = ${id}`)
    await tx.run(sql`update tasks set current_run_id = ${run ?? null} where id = ${id}`)
  }
}
