import { monotonic } from '../lib/clock.ts'

export interface Patience {
  /** When to give up, in milliseconds of `monotonic()`. There is always one attempt. */
  readonly deadline: number
  isBusy(error: unknown): boolean
  readonly random?: () => number
}

/**
 * Longest pause before the second attempt, in milliseconds; the longer one has waited, the sooner one
 * asks again. Of four processes that write without a pause each gets at least 0.6 of an equal share
 * (with pauses that stay as long 0.3, and waits of twice the length).
 */
const PAUSE_MS = 20

/**
 * Repeats `attempt` while it throws that the database is busy; past the deadline that is thrown on.
 * Ours and not SQLite's own waiting, which freezes the event loop and starved one of four workers
 * for 1.4 s. What succeeds at once is returned at once, for a promise costs more than the attempt.
 */
export function untilFree<T>(attempt: () => T, patience: Patience): T | Promise<T> {
  try {
    return attempt()
  } catch (error) {
    if (!mayRepeat(error, patience)) throw error
    return repeat(attempt, patience)
  }
}

async function repeat<T>(attempt: () => T, patience: Patience): Promise<T> {
  const { random = Math.random } = patience
  const { setTimeout: pause } = await import('node:timers/promises')
  for (let nth = 1; ; nth++) {
    await pause(1 + (random() * (PAUSE_MS - 1)) / nth)
    try {
      return attempt()
    } catch (error) {
      if (!mayRepeat(error, patience)) throw error
    }
  }
}

function mayRepeat(error: unknown, { isBusy, deadline }: Patience): boolean {
  return isBusy(error) && monotonic() < deadline
}
