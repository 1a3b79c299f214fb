/** The one place that counts failures and decides between another try and giving up. */

import { cut } from '../lib/text.ts'
import type { Fence } from '../model/run.ts'
import type { BlockKind } from '../model/task.ts'
import { type Sql, sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { fenced, type Moved, move, refusal } from './move.ts'
import { record } from './record.ts'

/** Longest wait between two tries, in seconds. */
const longestDelay = 300

/** Bytes of an error that are kept. */
export const errorLimit = 500

export interface Policy {
  readonly limit: number
  readonly source: 'flag' | 'config' | 'default'
  /** Seconds before the first new try; it doubles with each failure. */
  readonly delay: number
}

export interface Failure {
  readonly verb: 'crash' | 'time_out' | 'fail_to_start'
  readonly error: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly fence: Fence
}

const outcomeOf = {
  crash: 'crashed',
  time_out: 'timed_out',
  fail_to_start: 'spawn_failed',
} as const

/** Running → ready after a growing delay, or blocked at the limit. Throws `run_ended` when the run has ended. */
export async function fail(tx: Tx, id: string, failure: Failure, policy: Policy): Promise<Moved> {
  const task = await tx.get<{ consecutive_failures: number; max_retries: number | null }>(
    sql`select consecutive_failures, max_retries from tasks where id = ${id}`,
  )
  const failures = (task?.consecutive_failures ?? 0) + 1
  const limit = task?.max_retries ?? policy.limit
  const error = cut(failure.error, errorLimit)
  const counted = sql`, consecutive_failures = ${failures}, last_failure_error = ${error}`
  if (failures >= limit) {
    return giveUp(tx, id, {
      fence: failure.fence,
      error,
      failures,
      kind: 'breaker',
      set: counted,
      trigger: outcomeOf[failure.verb],
      limit,
      source: task?.max_retries ? 'task' : policy.source,
    })
  }
  const delay = Math.min(policy.delay * 2 ** (failures - 1), longestDelay)
  const own = failure.verb === 'fail_to_start' ? { error, failures } : failure.payload
  return move(tx, failure.verb, id, {
    fence: failure.fence,
    // Times are whole seconds: PostgreSQL takes nothing else.
    set: sql`${counted}, not_before = ${Math.ceil(tx.now + delay)}`,
    close: { error },
    payload: own,
  })
}

interface Surrender {
  readonly fence: Fence
  readonly error: string
  readonly failures: number
  readonly kind: BlockKind
  readonly set: Sql
  readonly trigger: string
  readonly limit?: number
  readonly source?: string
}

function giveUp(tx: Tx, id: string, how: Surrender): Promise<Moved> {
  return move(tx, 'give_up', id, {
    fence: how.fence,
    set: sql`${how.set}, block_kind = ${how.kind}`,
    close: { error: how.error },
    payload: {
      failures: how.failures,
      error: how.error,
      trigger_outcome: how.trigger,
      ...(how.limit === undefined ? {} : { effective_limit: how.limit, limit_source: how.source }),
    },
  })
}

/** The worker ended well and said nothing: blocked at once, for trying again would end the same way. */
export async function breakProtocol(
  tx: Tx,
  id: string,
  fence: Fence,
  how: { readonly pid: number | null; readonly exitCode: number | null; readonly error: string },
): Promise<Moved> {
  const task = await tx.get<{ consecutive_failures: number }>(sql`
    select consecutive_failures from tasks
    where id = ${id} and status = 'running' ${fenced(fence)}`)
  if (task === undefined) throw await refusal(tx, 'give_up', id, fence)
  await record(tx, id, 'protocol_violation', { pid: how.pid, exit_code: how.exitCode }, fence.run)
  const error = cut(how.error, errorLimit)
  return giveUp(tx, id, {
    fence,
    error,
    failures: task.consecutive_failures,
    kind: 'protocol',
    set: sql`, last_failure_error = ${error}`,
    trigger: 'protocol_violation',
  })
}

/** Seconds of nothing but quotas after which somebody has to look. */
const longestQuota = 24 * 3600

/** A quota was met: tried again at `retryAt`, and no failure; blocked when a day has brought nothing else. */
export async function limitRate(
  tx: Tx,
  id: string,
  fence: Fence,
  retryAt: number,
  said: string,
): Promise<Moved> {
  const error = cut(said, errorLimit)
  const since = await quotaSince(tx, id, fence.run)
  if (since !== undefined && tx.now - since >= longestQuota) {
    const task = await tx.get<{ consecutive_failures: number }>(
      sql`select consecutive_failures from tasks where id = ${id}`,
    )
    return giveUp(tx, id, {
      fence,
      error,
      failures: task?.consecutive_failures ?? 0,
      kind: 'quota',
      set: sql`, last_failure_error = ${error}`,
      trigger: 'rate_limited',
    })
  }
  return move(tx, 'limit', id, {
    fence,
    set: sql`, not_before = ${retryAt}`,
    close: { error },
    payload: { retry_at: retryAt },
  })
}

/** When the first quota was met of those that, without any other end between, led to this run of the same profile. */
async function quotaSince(tx: Tx, id: string, run: number): Promise<number | undefined> {
  const met = await tx.get<{ since: number | null }>(sql`
    select min(met.ended_at) as since from task_runs met
    where met.task_id = ${id} and met.outcome = 'rate_limited' and met.id > coalesce((
      select max(other.id) from task_runs other
      where other.task_id = ${id} and other.id < ${run} and (other.outcome <> 'rate_limited'
        or other.profile is distinct from (select profile from task_runs where id = ${run}))), 0)`)
  return met?.since ?? undefined
}
