/** What the end of a run's processes means for its task: the one place that decides it. */

import { formatDuration } from '../lib/duration.ts'
import { cut, wellFormed } from '../lib/text.ts'
import { type End, unfinished } from '../model/end.ts'
import { BoardError } from '../model/error.ts'
import type { Hold } from '../model/hold.ts'
import { publicLock } from '../model/lock.ts'
import { quotaExit } from '../model/quota-exit.ts'
import type { Fence } from '../model/run.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { breakProtocol, errorLimit, fail, limitRate, type Policy } from './fail.ts'
import { holdAtLeast, holdThere } from './holds.ts'
import { lockOut } from './lock-out.ts'
import { move } from './move.ts'
import { exited } from './start.ts'

/** Seconds for which a profile or a machine that cannot start anything is left alone. */
const faultSeconds = 60

/** Seconds until another try after a quota that named no time. */
const quotaDelay = 300

/** No quota is asked again sooner, or left alone for longer, whatever time it named; in seconds. */
const [leastQuotaDelay, longestQuotaDelay] = [30, 24 * 3600]

/**
 * Closes the run as `end` says, unless somebody has ended it before, and notes that no process of
 * it is left. To be called when that is so.
 */
export async function settle(
  tx: Tx,
  task: string,
  fence: Fence,
  end: End,
  policy: Policy,
): Promise<void> {
  try {
    await close(tx, task, fence, keepable(end), policy)
  } catch (error) {
    const earlier = error instanceof BoardError && ['run_ended', 'not_found'].includes(error.code)
    if (!earlier) throw error
  }
  await exited(tx, fence.run, 'exit' in end ? end.exit : null)
}

/** A log may hold anything, NUL too, which PostgreSQL refuses: the run could never be closed. */
function keepable(end: End): End {
  const entries = Object.entries(end).map(([key, value]) => [
    key,
    typeof value === 'string' ? wellFormed(value) : value,
  ])
  return Object.fromEntries(entries)
}

async function close(tx: Tx, task: string, fence: Fence, end: End, policy: Policy): Promise<void> {
  const claimer = publicLock(fence.lock)
  switch (end.how) {
    case 'not_started':
      if (end.profile !== undefined) await holdFor(tx, fence, 'profile', end.profile, end.error)
      if (end.board !== undefined) await holdFor(tx, fence, 'board', end.board, end.error)
      if (end.alone === true) await holdFor(tx, fence, 'task', task, end.error)
      if (end.counted) {
        const failure = { verb: 'fail_to_start', error: end.error, payload: {}, fence } as const
        await fail(tx, task, failure, policy)
      } else {
        const error = cut(end.error, errorLimit)
        const payload = { error, failures: 0 }
        await move(tx, 'fail_to_start', task, { fence, close: { error }, payload })
      }
      return
    case 'stopped':
      await move(tx, 'release', task, {
        fence,
        close: { summary: end.reason },
        payload: { stale_lock: claimer, reason: end.reason },
      })
      return
    case 'unfinished': {
      const exitCode = end.exit?.code ?? null
      const error = withLog(unfinished, end.said)
      await breakProtocol(tx, task, fence, { pid: end.pid, exitCode, error })
      return
    }
    case 'failed': {
      const payload = { pid: end.pid, claimer, reason: cut(end.said, errorLimit) }
      const error = withLog('its agent gave up', end.said)
      await fail(tx, task, { verb: 'crash', error, payload, fence }, policy)
      return
    }
    case 'locked_out':
      await lockOut(tx, task, { fence, ...end })
      return
    case 'timed_out': {
      const { pid, elapsed, limit, sigkill, silent } = end
      await fail(
        tx,
        task,
        {
          verb: 'time_out',
          error: tooLong(formatDuration(limit), silent),
          payload: { pid, elapsed_seconds: elapsed, limit_seconds: limit, sigkill },
          fence,
        },
        policy,
      )
      return
    }
    case 'runner_gone': {
      const payload = { pid: end.pid, claimer, reason: 'runner_gone' }
      const error = 'the runner that watched over its worker was gone'
      await fail(tx, task, { verb: 'crash', error, payload, fence }, policy)
      return
    }
    case 'exited':
      await closeExited(tx, task, fence, end, policy)
  }
}

/** Somebody has to mend the profile or the machine; until they have, a look each minute is enough. */
function holdFor(
  tx: Tx,
  fence: Fence,
  scope: Hold['scope'],
  key: string,
  reason: string,
): Promise<void> {
  return holdThere(tx, fence.run, {
    scope,
    key,
    until: tx.now + faultSeconds,
    reason,
    by: 'runner',
  })
}

async function closeExited(
  tx: Tx,
  task: string,
  fence: Fence,
  end: End & { readonly how: 'exited' },
  policy: Policy,
): Promise<void> {
  const { pid, said } = end
  const { code, signal } = end.exit
  const quota = end.quota ?? (code === quotaExit ? { retry_at: null } : undefined)
  if (quota !== undefined) {
    await meetQuota(tx, task, fence, end, quota.retry_at)
  } else if (code === 0) {
    const error = withLog(unfinished, said)
    await breakProtocol(tx, task, fence, { pid, exitCode: 0, error })
  } else {
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`
    const payload = {
      pid,
      claimer: publicLock(fence.lock),
      ...(code === null ? {} : { exit_code: code }),
      ...(signal === null ? {} : { signal }),
    }
    await fail(tx, task, { verb: 'crash', error: withLog(how, said), payload, fence }, policy)
  }
}

/** It is the account's quota: whatever else uses the account would only meet it again. */
async function meetQuota(
  tx: Tx,
  task: string,
  fence: Fence,
  { said, account }: End & { readonly how: 'exited' },
  retryAt: number | null,
): Promise<void> {
  const delay = retryAt === null ? quotaDelay : retryAt - tx.now
  const until = tx.now + Math.min(Math.max(delay, leastQuotaDelay), longestQuotaDelay)
  const reason = withLog('met a quota', said)
  await limitRate(tx, task, fence, until, reason)
  const key = account ?? (await profileOf(tx, fence.run))
  if (key === null) return
  const by = `run ${fence.run} of ${task}`
  await holdAtLeast(tx, { scope: 'account', key, until, reason: cut(reason, errorLimit), by })
}

async function profileOf(tx: Tx, run: number): Promise<string | null> {
  const found = await tx.get<{ profile: string | null }>(
    sql`select profile from task_runs where id = ${run}`,
  )
  return found?.profile ?? null
}

function tooLong(limit: string, silent: 'itself' | 'tool' | undefined): string {
  if (silent === undefined) return `ran longer than its limit of ${limit}`
  return `gave no sign of life for ${limit}${silent === 'tool' ? ', with a tool at work' : ''}`
}

function withLog(what: string, said: string): string {
  const log = said.trim()
  return log === '' ? what : `${what}: ${log}`
}
