import { type Board, keyOf, openBoard, type Place } from '../board/board.ts'
import { allBoards } from '../board/places.ts'
import type { Environment } from '../config.ts'
import type { Clock } from '../lib/clock.ts'
import type { BoardError } from '../model/error.ts'
import { faultOf, isWaitedFor } from './trouble.ts'

/** Why a board cannot be used now. */
export interface Fault {
  readonly board: string
  readonly error: BoardError
}

/** The boards of a home, kept open. */
export interface OpenBoards {
  /** All that can be opened now, and why the others cannot: one never stops the others. */
  all(): Promise<{ readonly boards: Board[]; readonly faults: Fault[] }>
  close(): Promise<void>
}

/**
 * How long one board is waited for, in milliseconds. Who looks after several must not be kept from the
 * others by a program that holds one of them.
 */
const patience = 1_000

/** `onChange` is called after every commit on any of them. */
export function openBoards(
  environment: Environment,
  clock: Clock,
  onChange: () => void = () => {},
): OpenBoards {
  const open = new Map<string, { board: Board; unwatch: () => void }>()

  async function opened(place: Place): Promise<Board> {
    const known = open.get(keyOf(place))
    if (known !== undefined) return known.board
    const board = await openBoard(place, clock, { patience })
    open.set(keyOf(place), { board, unwatch: board.store.watch(onChange) })
    return board
  }

  /** What is not there any more is shut. While a server does not say what is there, none is looked at. */
  async function places(faults: Fault[]): Promise<Place[]> {
    const [known] = open.values()
    try {
      const all = await allBoards(environment, known?.board)
      const there = new Set(all.map(keyOf))
      for (const key of open.keys()) if (!there.has(key)) await shut(key)
      return all
    } catch (error) {
      if (!isWaitedFor(error)) throw error
      faults.push({ board: 'default', error: error as BoardError })
      return []
    }
  }

  async function shut(key: string): Promise<void> {
    const known = open.get(key)
    open.delete(key)
    known?.unwatch()
    await known?.board.store.close()
  }

  return {
    async all() {
      const boards: Board[] = []
      const faults: Fault[] = []
      for (const place of await places(faults)) {
        try {
          boards.push(await opened(place))
        } catch (error) {
          faults.push({ board: place.slug, error: faultOf(place.slug, error) })
        }
      }
      return { boards, faults }
    },
    async close() {
      for (const key of [...open.keys()]) await shut(key)
    },
  }
}
