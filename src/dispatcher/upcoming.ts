import type { Board } from '../board/board.ts'
import { dueTimes } from '../board/recurring.ts'
import type { Config } from '../config.ts'
import { type Timer, timersOf } from './recurring.ts'

/** An entry of `kanban.recurring` as it stands. */
export interface Upcoming {
  readonly name: string
  readonly board: string
  readonly zone: string
  /** Unix seconds; in the past when it waits for a dispatcher. Null when its board cannot be used. */
  readonly next_at: number | null
}

/** When each task that the clock makes is made next. */
export async function upcoming(
  entries: Config['recurring'],
  boards: readonly Board[],
): Promise<Upcoming[]> {
  const timers = await timersOf(entries)
  return Promise.all(
    timers.map(async (timer) => {
      const { name, zone, board: slug } = timer
      const board = boards.find((one) => one.slug === slug)
      return { name, board: slug, zone, next_at: board ? await nextOf(board, timer) : null }
    }),
  )
}

async function nextOf({ store }: Board, { name, next }: Timer): Promise<number | null> {
  const { known, now } = await store.read(async (reader) => ({
    known: (await dueTimes(reader)).get(name),
    now: reader.now,
  }))
  const soonest = next(now) ?? null
  return known === undefined || (soonest !== null && soonest < known) ? soonest : known
}
