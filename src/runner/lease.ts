import { renew } from '../board/heartbeat.ts'
import { monotonic } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Fence } from '../model/run.ts'
import type { Store } from '../store/store.ts'

/** Longest time between two renewals, in seconds. */
const longestPause = 60

/** How long before the lease ends a worker must be gone whose lease cannot be renewed, in seconds. */
const margin = 30

export interface Lease {
  readonly store: Store
  readonly task: string
  readonly fence: Fence
  /** Seconds. */
  readonly ttl: number
  readonly log: Log
  /**
   * Called once, in time before the lease ends, when it could not be renewed: another host may claim
   * the task then. Never on SQLite, whose only host is this one, and which judges the runner itself.
   */
  readonly onLoss: () => void
}

/**
 * Renews the lease until it is stopped, and goes on after the run was closed: the lease is what keeps
 * the task from being claimed again while a process of this run is left.
 */
export function keepLease(lease: Lease): { stop(): void } {
  const { store, task, fence, ttl, log, onLoss } = lease
  const patience = Math.max(ttl / 2, ttl - margin) * 1000
  let renewedAt = monotonic()
  let lost = store.dialect === 'sqlite'
  let renewing = false

  async function beat(): Promise<void> {
    if (!lost && monotonic() - renewedAt > patience) {
      lost = true
      onLoss()
    }
    if (renewing) return
    renewing = true
    try {
      const began = monotonic()
      await store.write((tx) => renew(tx, task, fence, ttl))
      renewedAt = began
    } catch (error) {
      log.warn(`the lease was not renewed: ${error instanceof Error ? error.message : error}`)
    } finally {
      renewing = false
    }
  }

  const timer = setInterval(beat, Math.min(ttl / 6, longestPause) * 1000)
  return { stop: () => clearInterval(timer) }
}
