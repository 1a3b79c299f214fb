import type { Event } from '../model/event.ts'
import { outlasting } from '../store/outlasting.ts'
import type { Store } from '../store/store.ts'
import { eventsAfter } from './history.ts'

/** How many events one step hands over at most. */
const batch = 200

/**
 * The board's events after event `since`, in order, none left out, as they become visible; ends when
 * `signal` is aborted. Costs the writers nothing: the store rings, the snapshot decides. While the server
 * cannot be reached it waits, and goes on where it was.
 */
export async function* feed(
  store: Store,
  since: number,
  signal: AbortSignal,
): AsyncGenerator<Event[], void> {
  const bell = ringing(store, signal)
  const patient = outlasting(store, signal)
  let cursor = since
  try {
    while (!signal.aborted) {
      bell.rearm()
      const events = await patient.read((reader) => eventsAfter(reader, cursor, batch))
      const last = events.at(-1)
      if (last === undefined) {
        await bell.rung()
      } else {
        cursor = last.id
        yield events
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    bell.stop()
  }
}

/** Remembers a ring that comes between the look and the wait. */
function ringing(store: Store, signal: AbortSignal) {
  let wake = Promise.withResolvers<void>()
  const ring = (): void => wake.resolve()
  const unwatch = store.watch(ring)
  signal.addEventListener('abort', ring, { once: true })
  // A watched store keeps no process alive; whoever waits for the next event wants to live for it.
  const alive = setInterval(() => {}, 2 ** 31 - 1)
  return {
    rearm(): void {
      if (!signal.aborted) wake = Promise.withResolvers<void>()
    },
    rung: (): Promise<void> => wake.promise,
    stop(): void {
      unwatch()
      clearInterval(alive)
      signal.removeEventListener('abort', ring)
    },
  }
}
