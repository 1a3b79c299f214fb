import { setTimeout as pause } from 'node:timers/promises'
import { monotonic } from '../lib/clock.ts'

export interface Patience {
  /** When to give up, in milliseconds of `monotonic()`. There is always one attempt. */
  readonly deadline: number
  isBusy(error: unknown): boolean
  readonly random?: () => number
}

/** Longest pause between two attempts. The jitter shares the lock fairly between processes. */
const PAUSE_MS = 20

/**
 * Repeats `attempt` while it throws that the database is busy; past the deadline that is thrown on.
 * Ours and not SQLite's own waiting, which freezes the event loop and starved one of four workers
 * for 1.4 s.
 */
export async function untilFree<T>(
  attempt: () => T,
  { deadline, isBusy, random = Math.random }: Patience,
): Promise<T> {
  for (;;) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error) || monotonic() >= deadline) throw error
    }
    await pause(1 + random() * (PAUSE_MS - 1))
  }
}
