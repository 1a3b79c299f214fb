import { type Environment, isUrl, namedDatabase } from '../config.ts'
import type { Clock } from '../lib/clock.ts'
import type { BoardFacts } from '../model/board.ts'
import type { Place } from './board.ts'
import { folders } from './folders.ts'

/** Where a home has its boards: in folders of its own, or in a database that other homes use as well. */
export interface Shelf {
  /** `default` first, whether it was used or not, the others by name. */
  slugs(): Promise<string[]>
  has(slug: string): Promise<boolean>
  /** Whether anything has been made for it: `default` is there from the first, and made on first use. */
  isMade(slug: string): Promise<boolean>
  /** Where a board of that name is, or would be. */
  placeOf(slug: string): Place
  /** Says nothing but the slug where nothing can be learned. */
  factsOf(slug: string): Promise<BoardFacts>
  /** Throws `conflict` when there is a board of that name. */
  create(facts: BoardFacts, clock: Clock): Promise<void>
  /** Of a board that is there. */
  keep(facts: BoardFacts): Promise<void>
  /**
   * Puts the board away, or deletes it where that is asked for. Returns where it is now, null when it is
   * nowhere. Throws `conflict` while a task of it is running.
   */
  remove(slug: string, how: Removal): Promise<string | null>
}

export interface Removal {
  readonly forGood: boolean
  readonly clock: Clock
  /** A task of the board that is being worked on, as far as can be told without its file: asked when that is damaged. */
  readonly atWork?: (slug: string) => Promise<string | undefined>
}

export async function shelfOf(environment: Environment): Promise<Shelf> {
  const database = await namedDatabase(environment)
  if (database !== undefined && isUrl(database)) {
    const { schemas } = await import('./schemas.ts')
    return schemas(environment, database)
  }
  return folders(environment)
}
