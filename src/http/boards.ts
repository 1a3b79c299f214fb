/** The boards that were asked for, kept open: opening one for each request would cost more than the request. */

import { existsSync } from 'node:fs'
import { type Board, keyOf, openBoard, type Place } from '../board/board.ts'
import { allBoards, chooseBoard } from '../board/places.ts'
import { type Environment, isUrl } from '../config.ts'
import type { Clock } from '../lib/clock.ts'
import { BoardError } from '../model/error.ts'

export interface Boards {
  /** The board of that slug; without one, the one that is current. Throws what choosing and opening it throw. */
  open(slug?: string): Promise<Board>
  /** All of the home that can be opened. */
  all(): Promise<Board[]>
  /** Lets go of what is gone, so that what was put in its place is opened. */
  sweep(): Promise<void>
  close(): Promise<void>
}

export function keepBoards(environment: Environment, clock: Clock): Boards {
  const open = new Map<string, { readonly place: Place; readonly board: Promise<Board> }>()

  function at(place: Place): Promise<Board> {
    const key = keyOf(place)
    const known = open.get(key)
    if (known !== undefined) return known.board
    const board = openBoard(place, clock)
    open.set(key, { place, board })
    board.catch(() => open.delete(key))
    return board
  }

  /** A folder that was moved away leaves an open file behind, which nobody asks for any more. */
  async function closeRemoved(): Promise<void> {
    for (const [key, { place, board }] of open) {
      if (isUrl(place.database) || existsSync(place.database)) continue
      open.delete(key)
      await (await board.catch(() => undefined))?.store.close()
    }
  }

  async function sweep(): Promise<void> {
    for (const [key, known] of open) {
      const board = await known.board.catch(() => undefined)
      if (board === undefined || (await isThere(board))) continue
      open.delete(key)
      await board.store.close()
    }
  }

  return {
    open: async (slug) => at(await chooseBoard(environment, slug)),
    async all() {
      await closeRemoved()
      const boards: Board[] = []
      for (const place of await allBoards(environment)) {
        try {
          boards.push(await at(place))
        } catch (error) {
          if (!(error instanceof BoardError)) throw error
        }
      }
      return boards
    },
    sweep,
    async close() {
      const all = [...open.values()]
      open.clear()
      for (const { board } of all) await (await board.catch(() => undefined))?.store.close()
    },
  }
}

/** One that cannot be reached for the moment is not gone. */
async function isThere({ store }: Board): Promise<boolean> {
  try {
    await store.read(async () => {})
    return true
  } catch (error) {
    return !(error instanceof BoardError) || error.code !== 'board_gone'
  }
}
