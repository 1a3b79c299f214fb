import { setTimeout as pause } from 'node:timers/promises'
import { BoardError } from '../model/error.ts'
import type { Store } from './store.ts'

/** Pauses between two attempts, in milliseconds: each twice the one before. */
const pauses = { first: 100, last: 10_000 }

/** Attempts it until the server can be reached, or `signal` is aborted; then throws what the last attempt threw. */
export async function outlast<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  for (let wait = pauses.first; ; wait = Math.min(2 * wait, pauses.last)) {
    try {
      return await attempt()
    } catch (error) {
      if (!isOutage(error) || signal.aborted) throw error
      await pause(wait, undefined, { signal }).catch(() => {})
    }
  }
}

/**
 * The same store for whoever can wait: while its server cannot be reached, what was asked is asked again.
 * Bodies run again as well, and of an earlier attempt nothing is kept.
 */
export function outlasting(store: Store, signal: AbortSignal): Store {
  return {
    ...store,
    read: (body) => outlast(signal, () => store.read(body)),
    write: (body) => outlast(signal, () => store.write(body)),
  }
}

/** What was asked has not been done, and can be asked again when the server is back. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof BoardError)) return false
  return error.code === 'store_unreachable' && error.details.uncertain !== true
}
