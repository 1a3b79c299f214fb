import { noteSignOfLife, renew } from '../board/heartbeat.ts'
import { monotonic } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Fence } from '../model/run.ts'
import type { Store } from '../store/store.ts'

/** Longest time between two renewals, in seconds. */
const longestPause = 60

export interface Lease {
  readonly store: Store
  readonly task: string
  readonly fence: Fence
  /** Seconds. */
  readonly ttl: number
  /** When it was renewed last, or a moment before, in milliseconds of `monotonic()`. */
  readonly renewedAt: number
  readonly log: Log
  /** Whether the worker has shown itself alive since this was last asked. */
  readonly wasHeard: () => boolean
  /**
   * Called once, in time before the lease ends, when it could not be renewed: another host may claim
   * the task then. Never on SQLite, whose only host is this one, and which judges the runner itself.
   */
  readonly onLoss: () => void
}

/** How long before a lease ends a worker begins to be ended when it cannot be renewed, in seconds: 30, of a short one a half. */
export function marginOf(ttl: number): number {
  return Math.min(30, ttl / 2)
}

/**
 * Renews the lease until it is stopped, and goes on after the run was closed: the lease is what keeps
 * the task from being claimed again while a process of this run is left.
 */
export function keepLease(lease: Lease): { stop(): void } {
  const { store, task, fence, ttl, log } = lease
  let loss: NodeJS.Timeout | undefined
  let renewing = false

  /** By our own clock, from before the server was asked: its own began to count no sooner. */
  function lastUntil(renewedAt: number): void {
    if (store.dialect === 'sqlite') return
    clearTimeout(loss)
    const left = renewedAt + (ttl - marginOf(ttl)) * 1000 - monotonic()
    loss = setTimeout(lease.onLoss, Math.max(0, left))
  }

  async function beat(): Promise<void> {
    if (renewing) return
    renewing = true
    const began = monotonic()
    try {
      const wasHeard = lease.wasHeard()
      await store.write(async (tx) => {
        await renew(tx, task, fence, ttl)
        if (wasHeard) await noteSignOfLife(tx, task, fence)
      })
      if (!stopped) lastUntil(began)
    } catch (error) {
      log.warn(`the lease was not renewed: ${error instanceof Error ? error.message : error}`)
    } finally {
      renewing = false
    }
  }

  let stopped = false
  lastUntil(lease.renewedAt)
  const timer = setInterval(beat, Math.min(ttl / 6, longestPause) * 1000)
  return {
    stop() {
      stopped = true
      clearTimeout(loss)
      clearInterval(timer)
    },
  }
}
