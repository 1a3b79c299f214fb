import { setTimeout as pause } from 'node:timers/promises'
import { monotonic } from '../lib/clock.ts'
import type { Exit } from '../model/end.ts'
import type { Store } from '../store/store.ts'
import { runEnded } from './taken.ts'
import type { Verdict } from './verdict.ts'
import type { WorkerProcess } from './worker.ts'

/** What ends the watch over a worker; whichever comes first. */
export type Notice =
  | { readonly what: 'exited'; readonly exit: Exit }
  | { readonly what: 'judged'; readonly verdict: Verdict }
  | { readonly what: 'taken'; readonly outcome: string | null }
  | { readonly what: 'overtime'; readonly elapsed: number }
  | { readonly what: 'asked'; readonly reason: string }

export interface Watched {
  readonly worker: WorkerProcess
  readonly store: Store
  readonly run: number
  /** Seconds; null without a cap. */
  readonly limit: number | null
  /** Aborted when the runner is asked to stop, with the reason. */
  readonly stop: AbortSignal
}

/** Waits for the first of them. */
export async function firstNotice({ worker, store, run, limit, stop }: Watched): Promise<Notice> {
  const over = new AbortController()
  try {
    return await Promise.race<Notice>([
      worker.exited.then((exit) => ({ what: 'exited', exit })),
      ...(worker.verdict === undefined
        ? []
        : [worker.verdict.then((verdict): Notice => ({ what: 'judged', verdict }))]),
      runEnded(store, run, over.signal).then((ended) => ({
        what: 'taken',
        outcome: ended?.outcome ?? null,
      })),
      overtime(limit, over.signal).then((elapsed) => ({ what: 'overtime', elapsed })),
      asked(stop, over.signal).then((reason) => ({ what: 'asked', reason })),
    ])
  } finally {
    over.abort()
  }
}

/** A timer holds 24 days at most, so a longer limit is waited for in parts. */
const longestTimerMs = 2 ** 31 - 1

/** Resolves with the seconds that went by when the run has used up its time; never without a limit. */
async function overtime(limit: number | null, signal: AbortSignal): Promise<number> {
  if (limit === null) return new Promise(() => {})
  const began = monotonic()
  const left = (): number => began + limit * 1000 - monotonic()
  while (left() > 0 && !signal.aborted) {
    await pause(Math.min(left(), longestTimerMs), undefined, { signal }).catch(() => {})
  }
  return Math.round((monotonic() - began) / 1000)
}

/** Resolves with the reason for which this runner is to stop. */
export function asked(stop: AbortSignal, over: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const tell = (): void => resolve(String(stop.reason))
    if (stop.aborted) tell()
    stop.addEventListener('abort', tell, { once: true, signal: over })
  })
}
