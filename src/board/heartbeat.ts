import { cut, firstLine } from '../lib/text.ts'
import { BoardError } from '../model/error.ts'
import type { Fence } from '../model/run.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { fenced, refusal } from './move.ts'
import { record } from './record.ts'

/** A note is worth an event; without one, one a minute shows that the worker is alive. */
const silentSeconds = 60
const notedSeconds = 10

export interface Heartbeat {
  readonly fence?: Fence | undefined
  readonly note?: string | null | undefined
  readonly ttl: number
}

/**
 * Renews the claim and says that the worker is alive. A claim that is good for longer stays so: a
 * person who took the task for a day loses none of it. Returns when the claim ends now. Throws
 * `wrong_status` or `run_ended`.
 */
export async function heartbeat(tx: Tx, id: string, how: Heartbeat): Promise<number> {
  const soonest = tx.now + how.ttl
  const task = await tx.get<{ current_run_id: number; claim_expires: number }>(sql`
    update tasks set last_heartbeat_at = ${tx.now},
      claim_expires = case when claim_expires > ${soonest} then claim_expires else ${soonest} end
    where id = ${id} and status = 'running' and current_run_id is not null ${fenced(how.fence)}
    returning current_run_id, claim_expires`)
  if (task === undefined) throw await notBeating(tx, id, how.fence)
  const { current_run_id: run, claim_expires: expires } = task
  await tx.run(sql`
    update task_runs set last_heartbeat_at = ${tx.now}, claim_expires = ${expires}
    where id = ${run}`)
  await tell(tx, id, run, how.note ? cut(firstLine(how.note), 400) : '')
  return expires
}

async function tell(tx: Tx, id: string, run: number, note: string): Promise<void> {
  const quiet = tx.now - (await lastBeat(tx, id, run))
  if (quiet >= (note === '' ? silentSeconds : notedSeconds)) {
    await record(tx, id, 'heartbeat', note === '' ? {} : { note }, run)
  }
}

/** The worker has shown its runner that it is alive, without a word to the board. Nothing for a run that is over. */
export async function noteSignOfLife(tx: Tx, task: string, fence: Fence): Promise<void> {
  const rows = await tx.run(sql`
    update tasks set last_heartbeat_at = ${tx.now}
    where id = ${task} and status = 'running' ${fenced(fence)}`)
  if (rows === 0) return
  await tx.run(sql`update task_runs set last_heartbeat_at = ${tx.now} where id = ${fence.run}`)
  await tell(tx, task, fence.run, '')
}

/**
 * The runner's own renewal. It goes on after the run was closed, until no process of it is left,
 * for the lease is what keeps the task from being claimed again meanwhile.
 */
export async function renew(tx: Tx, task: string, fence: Fence, ttl: number): Promise<void> {
  const expires = tx.now + ttl
  await tx.run(sql`
    update task_runs set claim_expires = ${expires}
    where id = ${fence.run} and claim_lock = ${fence.lock} and exited_at is null`)
  await tx.run(sql`update tasks set claim_expires = ${expires} where id = ${task} ${fenced(fence)}`)
}

async function lastBeat(tx: Tx, id: string, run: number): Promise<number> {
  const event = await tx.get<{ created_at: number }>(sql`
    select created_at from task_events
    where task_id = ${id} and run_id = ${run} and kind = 'heartbeat'
    order by id desc limit 1`)
  return event?.created_at ?? 0
}

async function notBeating(tx: Tx, id: string, fence: Fence | undefined): Promise<BoardError> {
  const error = await refusal(tx, 'block', id, fence)
  if (error.code !== 'wrong_status') return error
  const { status } = error.details
  return new BoardError(
    'wrong_status',
    `${id} has no heartbeat to renew: it is ${status}, not running`,
    {
      id,
      status,
    },
  )
}
