/** The events of one board, read once for all who are told of them. */

import type { Board } from '../../board/board.ts'
import { feed } from '../../board/feed.ts'
import { eventsAfter, latestEventId } from '../../board/history.ts'
import type { Event } from '../../model/event.ts'

/** Of one message. */
const most = 200

export interface Listener {
  /** Takes one message. What is returned is awaited before the next while it catches up. */
  readonly tell: (message: string) => Promise<void> | void
  /** There is nothing more to come: the board cannot be read any more. */
  readonly end: () => void
}

export interface Hub {
  /** Tells everything after event `since`, in order, none left out. Returns what stops that. */
  listen(since: number, listener: Listener): () => void
  close(): void
}

interface Live {
  readonly listener: Listener
  cursor: number
}

export function createHub({ store }: Board): Hub {
  const live = new Set<Live>()
  /** Those who still read what happened before they came. */
  const behind = new Set<Listener>()
  let stop: AbortController | undefined
  /** Up to here everything was handed to those in `live`. */
  let told = 0

  /** Begins with the first listener, so that a board that nobody looks at costs nothing. */
  async function follow(signal: AbortSignal): Promise<void> {
    try {
      told = await store.read(latestEventId)
      for await (const events of feed(store, told, signal)) {
        if (signal.aborted) return
        told = events.at(-1)?.id ?? told
        const message = messageOf(events)
        for (const one of live) {
          const news = events.filter(({ id }) => id > one.cursor)
          one.cursor = told
          if (news.length > 0) {
            void one.listener.tell(news.length === events.length ? message : messageOf(news))
          }
        }
      }
    } finally {
      if (!signal.aborted) endAll()
    }
  }

  function endAll(): void {
    const all = [...[...live].map(({ listener }) => listener), ...behind]
    live.clear()
    behind.clear()
    stop?.abort()
    stop = undefined
    for (const listener of all) listener.end()
  }

  async function catchUp(since: number, listener: Listener): Promise<void> {
    // Beyond the newest event it comes from another file: what happens from now on is all that can be told.
    let cursor = Math.min(since, await store.read(latestEventId))
    while (behind.has(listener)) {
      const events = await store.read((reader) => eventsAfter(reader, cursor, most))
      const last = events.at(-1)
      if (last !== undefined) {
        cursor = last.id
        await listener.tell(messageOf(events))
      } else if (cursor >= told && behind.delete(listener)) {
        // In the same turn as the look that found nothing: whatever comes now is told to `live`.
        live.add({ listener, cursor })
      }
    }
  }

  function leave(listener: Listener): void {
    behind.delete(listener)
    for (const one of live) if (one.listener === listener) live.delete(one)
    if (live.size + behind.size > 0) return
    stop?.abort()
    stop = undefined
  }

  return {
    listen(since, listener) {
      behind.add(listener)
      if (stop === undefined) {
        stop = new AbortController()
        follow(stop.signal).catch(() => {})
      }
      catchUp(since, listener).catch(() => {
        leave(listener)
        listener.end()
      })
      return () => leave(listener)
    },
    close: endAll,
  }
}

function messageOf(events: readonly Event[]): string {
  return JSON.stringify({ events, cursor: events.at(-1)?.id })
}
