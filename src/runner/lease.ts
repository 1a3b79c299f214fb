import { renew } from '../board/heartbeat.ts'
import type { Log } from '../lib/log.ts'
import type { Fence } from '../model/run.ts'
import type { Store } from '../store/store.ts'

/** Longest time between two renewals, in seconds. */
const longestPause = 60

/**
 * Renews the lease until it is stopped, and goes on after the run was closed: the lease is what keeps
 * the task from being claimed again while a process of this run is left.
 */
export function keepLease(
  store: Store,
  task: string,
  fence: Fence,
  ttl: number,
  log: Log,
): { stop(): void } {
  const pause = Math.min(ttl / 3, longestPause) * 1000
  const timer = setInterval(() => {
    store
      .write((tx) => renew(tx, task, fence, ttl))
      .catch((error) => log.warn(`the lease was not renewed: ${String(error.message)}`))
  }, pause)
  return { stop: () => clearInterval(timer) }
}
