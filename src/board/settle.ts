/** What the end of a run's processes means for its task: the one place that decides it. */

import { formatDuration } from '../lib/duration.ts'
import { cut, wellFormed } from '../lib/text.ts'
import type { End } from '../model/end.ts'
import { BoardError } from '../model/error.ts'
import { publicLock } from '../model/lock.ts'
import type { Fence } from '../model/run.ts'
import type { Tx } from '../store/store.ts'
import { breakProtocol, errorLimit, fail, limitRate, type Policy } from './fail.ts'
import { hold } from './holds.ts'
import { move } from './move.ts'
import { exited } from './start.ts'

/** EX_TEMPFAIL: how a worker says that it met a quota. */
const quotaExit = 75

/** Seconds for which a profile that cannot start anything is left alone. */
const faultyProfileSeconds = 60

/** Seconds until another try after a quota that named no time. */
const quotaDelay = 300

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
      if (end.profile !== undefined) await holdProfile(tx, end.profile, end.error)
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
    case 'timed_out': {
      const { pid, elapsed, limit, sigkill } = end
      await fail(
        tx,
        task,
        {
          verb: 'time_out',
          error: `ran longer than its limit of ${formatDuration(limit)}`,
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

/** Somebody has to mend the profile; until they have, a look each minute is enough. */
function holdProfile(tx: Tx, profile: string, reason: string): Promise<void> {
  const until = tx.now + faultyProfileSeconds
  return hold(tx, { scope: 'profile', key: profile, until, reason, by: 'runner' })
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
  if (code === 0) {
    const error = withLog('ended without complete or block', said)
    await breakProtocol(tx, task, fence, { pid, exitCode: 0, error })
  } else if (code === quotaExit) {
    await limitRate(tx, task, fence, tx.now + quotaDelay, withLog('met a quota', said))
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

function withLog(what: string, said: string): string {
  const log = said.trim()
  return log === '' ? what : `${what}: ${log}`
}
