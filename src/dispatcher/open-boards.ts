import { type Board, openBoard } from '../board/board.ts'
import { allBoards } from '../board/places.ts'
import type { Environment } from '../config.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { BoardError } from '../model/error.ts'

/** The boards of a home, kept open. */
export interface OpenBoards {
  /** All that can be opened now. One that cannot is logged, once for each reason, and never stops the others. */
  all(): Promise<Board[]>
  close(): Promise<void>
}

/** `onChange` is called after every commit on any of them. */
export function openBoards(
  environment: Environment,
  clock: Clock,
  log: Log,
  onChange: () => void = () => {},
): OpenBoards {
  const open = new Map<string, { board: Board; unwatch: () => void }>()
  const complaints = new Map<string, string>()

  async function opened(place: Awaited<ReturnType<typeof allBoards>>[number]): Promise<Board[]> {
    const known = open.get(place.database)
    if (known !== undefined) return [known.board]
    try {
      const board = await openBoard(place, clock)
      open.set(place.database, { board, unwatch: board.store.watch(onChange) })
      complaints.delete(place.slug)
      return [board]
    } catch (error) {
      if (!(error instanceof BoardError)) throw error
      if (complaints.get(place.slug) !== error.message)
        log.error(error.message, { board: place.slug })
      complaints.set(place.slug, error.message)
      return []
    }
  }

  async function shut(database: string): Promise<void> {
    const known = open.get(database)
    open.delete(database)
    known?.unwatch()
    await known?.board.store.close()
  }

  return {
    async all() {
      const places = await allBoards(environment)
      const there = new Set(places.map((place) => place.database))
      for (const database of open.keys()) if (!there.has(database)) await shut(database)
      const boards: Board[] = []
      for (const place of places) boards.push(...(await opened(place)))
      return boards
    },
    async close() {
      for (const database of [...open.keys()]) await shut(database)
    },
  }
}
