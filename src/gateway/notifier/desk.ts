/** Which deliveries are under way: one after another in a chat, chats beside each other. */

import type { Board } from '../../board/board.ts'
import type { Place } from '../../board/subscriptions.ts'
import { untold } from '../../board/untold.ts'
import { BoardError } from '../../model/error.ts'
import { createLanes } from '../lanes.ts'
import { type Delivering, deliverNext } from './deliver.ts'
import { createWaits, type Waits } from './waits.ts'

export interface DeskOptions extends Delivering {
  readonly waits: Waits
  /** Told why something waits for a chat: it is on no list here, or what its other end says; null when it goes on. */
  readonly onTrouble: (place: Place, trouble: Trouble | null) => void
}

export type Trouble = { readonly is: 'unlisted' } | { readonly is: 'away'; readonly why: string }

export interface Desk {
  /** Tells the subscriptions of these tasks, or of all, what they have not been told. */
  look(board: Board, tasks?: readonly string[]): Promise<void>
  /** Somebody can send again: who was away is tried at once. */
  forgive(): void
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

export function createDesk(options: DeskOptions): Desk {
  const { log, signal, onTrouble } = options
  const lanes = createLanes()
  const queued = new Set<string>()
  const timers = new Map<string, NodeJS.Timeout>()
  const outages = createWaits(options.waits)
  const waits = createWaits(options.waits)
  signal.addEventListener(
    'abort',
    () => {
      for (const timer of timers.values()) clearTimeout(timer)
    },
    { once: true },
  )

  async function look(board: Board, tasks?: readonly string[]): Promise<void> {
    for (const place of await board.store.read((reader) => untold(reader, tasks))) {
      enqueue(board, place)
    }
  }

  function enqueue(board: Board, place: Place): void {
    const key = JSON.stringify([board.database, place])
    if (signal.aborted || queued.has(key)) return
    queued.add(key)
    lanes.add(chatOf(place), () => {
      // Taken off before anything is read: what happens from here on is looked for again.
      queued.delete(key)
      return tell(board, place, key)
    })
  }

  async function tell(board: Board, place: Place, key: string): Promise<void> {
    const chat = chatOf(place)
    try {
      while (!signal.aborted) {
        const wait = Math.max(outages.left(chat), waits.left(chat), waits.left(key))
        if (wait > 0) return again(board, place, key, wait)
        const outcome = await deliverNext(board, place, options)
        if (outcome.is === 'waits') return
        onTrouble(place, outcome.is === 'unlisted' || outcome.is === 'away' ? outcome : null)
        if (outcome.is === 'away') {
          log.debug(`${place.platform} ${place.chat_id} waits: ${outcome.why}`)
          // A time that the other end has named stands, whoever reconnects meanwhile.
          const named = outcome.seconds > 0 ? waits : outages
          return again(board, place, key, named.failed(chat, outcome.seconds * 1000))
        }
        if (outcome.is === 'held') {
          return again(board, place, key, waits.failed(key, outcome.seconds * 1000))
        }
        if (outcome.is === 'unlisted') return
        waits.over(key)
        if (outcome.is === 'nothing') return
        outages.over(chat)
        waits.over(chat)
      }
    } catch (error) {
      // The board is gone or busy: its next event, or the next look at everything, comes here again.
      const level = error instanceof BoardError ? 'debug' : 'error'
      log[level](`could not tell ${place.platform} ${place.chat_id}: ${(error as Error).message}`)
    }
  }

  function again(board: Board, place: Place, key: string, ms: number): void {
    if (timers.has(key)) return
    const timer = setTimeout(() => {
      timers.delete(key)
      enqueue(board, place)
    }, ms)
    timers.set(key, timer)
  }

  return { look, forgive: outages.clear, idle: lanes.idle }
}

function chatOf({ platform, chat_id }: Place): string {
  return JSON.stringify([platform, chat_id])
}
