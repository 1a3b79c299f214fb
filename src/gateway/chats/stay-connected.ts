import { monotonic } from '../../lib/clock.ts'
import { atMost } from '../part.ts'
import { SendError } from './send-error.ts'

export interface Staying {
  /** Connects, and resolves at the signal. Throws `SendError` when the connection is lost or not made. */
  readonly receive: (signal: AbortSignal) => Promise<void>
  /** Why the bot is not ours to use now. */
  readonly usedBy: () => Promise<string | undefined>
  /** Whether other credentials have been put in the place of ours. */
  readonly isStale: () => Promise<boolean>
  readonly onOff: (why: string) => void
  /** Told the milliseconds until the next try. */
  readonly onLost: (why: string, wait: number) => void
  /** Milliseconds before each further try. */
  readonly waits: readonly number[]
}

/** A connection that was lost after this many milliseconds is made again at once, and nothing is said of it. */
const steadyMs = 60_000

/** How often is looked whether the bot is ours to use, in milliseconds. */
const reviewMs = 5_000

/** Comes back after each loss, ever more slowly, until the signal; resolves early, with false, when other credentials are to be used. */
export async function stayConnected(of: Staying, signal: AbortSignal): Promise<boolean> {
  let failures = 0
  while (!signal.aborted) {
    const used = await of.usedBy()
    if (used !== undefined) {
      of.onOff(used)
      await atMost(reviewMs, signal)
      continue
    }
    const over = new AbortController()
    const review = setInterval(async () => {
      if ((await of.usedBy().catch(() => undefined)) !== undefined) over.abort()
    }, reviewMs)
    const began = monotonic()
    try {
      await of.receive(AbortSignal.any([signal, over.signal]))
    } catch (error) {
      if (!(error instanceof SendError)) throw error
      if (error.failure === 'login' && (await of.isStale())) return false
      const isSteady = monotonic() - began > steadyMs
      failures = isSteady ? 0 : failures + 1
      if (isSteady) continue
      const usual = of.waits[Math.min(failures, of.waits.length) - 1] ?? 0
      const wait = Math.max(usual, error.seconds * 1000)
      of.onLost(error.message, wait)
      await atMost(wait, signal)
    } finally {
      clearInterval(review)
    }
  }
  return true
}
