import { BoardError } from '../model/error.ts'
import { publicLock } from '../model/lock.ts'
import { either, nothing, type Sql, sql } from '../store/sql.ts'
import type { Reader, Tx } from '../store/store.ts'
import { endStray } from './end-run.ts'
import { isHere } from './here.ts'
import { move, parentsOpen, refusal } from './move.ts'
import { hasOpenParent, openParents } from './parents.ts'
import { record } from './record.ts'

export interface Claim {
  readonly lock: string
  /** Seconds until the lease ends unless it is renewed. */
  readonly ttl: number
  /** The installation whose dispatcher claims; null for a person, whose claim only its lease ends. */
  readonly host: string | null
  /** This installation, whoever claims: what became of its own processes it can see for itself. */
  readonly here: string
  /** Cap in seconds for a task without one of its own; null: none. */
  readonly maxRuntime?: number | null
  readonly runtime?: string | null
  readonly model?: string | null
}

export type Claimed = { readonly run: number; readonly task: string } | Rejected

/** A claim that failed and left a trace: thrown, its event would be rolled back. */
export interface Rejected {
  readonly run: null
  readonly task: string
  readonly refusal: BoardError
}

/**
 * Ready → running, with a new run. Throws `wrong_status`, and `still_ending` while a process of an
 * earlier run is alive; a parent that is still open sends the task back to todo instead.
 */
export async function claim(tx: Tx, id: string, how: Claim): Promise<Claimed> {
  const expires = tx.now + how.ttl
  // In SQLite an insert that reads its own table goes through a copy (5 µs): there the update asks about
  // earlier runs, and a claim that one forbids takes its own away again, as the transaction may be kept.
  // In PostgreSQL that would use up the number of a run.
  const free = sql`and not ${hasProcess(tx, how.here)}`
  const run = await tx.insert(sql`
    insert into task_runs (task_id, profile, step_key, status, claim_lock, claim_expires,
      max_runtime_seconds, started_at, host, runtime, model, origin)
    select id, assignee, current_step_key, 'running', ${how.lock}, ${expires},
      coalesce(nullif(max_runtime_seconds, 0), ${how.maxRuntime ?? null}), ${tx.now}, ${how.host},
      ${how.runtime ?? null}, coalesce(model_override, ${how.model ?? null}), status
    from tasks
    where id = ${id} and status = 'ready' and claim_lock is null and current_run_id is null
      and not ${hasOpenParent} ${either({ sqlite: nothing, postgres: free })}`)
  if (run === undefined)
    return (await clearStray(tx, id)) ? claim(tx, id, how) : rejected(tx, id, how)
  const changed = await tx.run(sql`
    update tasks set status = 'running', claim_lock = ${how.lock}, claim_expires = ${expires},
      current_run_id = ${run}, worker_pid = null, last_heartbeat_at = null, not_before = null,
      started_at = coalesce(started_at, ${tx.now})
    where id = ${id} ${either({ sqlite: free, postgres: nothing })}`)
  if (changed === 0) {
    await tx.run(sql`delete from task_runs where id = ${run}`)
    return rejected(tx, id, how)
  }
  await record(tx, id, 'claimed', { lock: publicLock(how.lock), expires, run_id: run }, run)
  return { run, task: id }
}

/**
 * True of an earlier run while it still has a process. Of one of another installation only its lease
 * can tell; of our own somebody here will have seen the end, however long that takes.
 */
export function isAtWork(at: Reader, here: string): Sql {
  return sql`earlier.runner_pid is not null and earlier.exited_at is null
    and (earlier.claim_expires > ${at.now} or ${isHere('earlier', here)})`
}

/** True of a row of `tasks` while an earlier run of it still has a process. */
function hasProcess(at: Reader, here: string): Sql {
  return sql`exists (
    select 1 from task_runs earlier
    where earlier.task_id = tasks.id and ${isAtWork(at, here)})`
}

/** Another program may have left a run open on a task at rest; it must not stand beside a second one. */
async function clearStray(tx: Tx, id: string): Promise<boolean> {
  const task = await tx.get<{ current_run_id: number }>(sql`
    select current_run_id from tasks
    where id = ${id} and status = 'ready' and current_run_id is not null`)
  if (task === undefined) return false
  await endStray(tx, id, task.current_run_id, 'ready')
  return true
}

async function rejected(tx: Tx, id: string, { here }: Claim): Promise<Rejected> {
  const task = await tx.get<{ status: string; claim_lock: string | null }>(
    sql`select status, claim_lock from tasks where id = ${id}`,
  )
  if (task?.status !== 'ready') throw await refusal(tx, 'claim', id)
  const parents = await openParents(tx, id)
  if (parents.length > 0) {
    await move(tx, 'reject', id, { payload: { reason: 'parents_not_done' } })
    return { run: null, task: id, refusal: parentsOpen(id, parents) }
  }
  const earlier = await stillEnding(tx, id, here)
  if (earlier !== undefined) throw stillEndingError(id, earlier, 'claimed')
  throw new BoardError(
    'conflict',
    `${id} is held by ${publicLock(task.claim_lock ?? '')}, though it is ready: move it to triage and back, which takes that off`,
    { id },
  )
}

/** The earlier run of the task whose processes have not ended yet. */
export async function stillEnding(
  reader: Reader,
  id: string,
  here: string,
): Promise<number | undefined> {
  const run = await reader.get<{ id: number }>(sql`
    select id from task_runs earlier
    where task_id = ${id} and ${isAtWork(reader, here)} order by id desc limit 1`)
  return run?.id
}

export function stillEndingError(id: string, run: number, what: string): BoardError {
  return new BoardError(
    'still_ending',
    `${id} cannot be ${what} yet: waiting for the worker of run ${run} to end`,
    { id, run },
  )
}

/** Where somebody who claimed by hand works; of a worker, `start` says it. */
export async function workIn(tx: Tx, run: number, workspace: string): Promise<void> {
  await tx.run(sql`update task_runs set workspace = ${workspace} where id = ${run}`)
}
