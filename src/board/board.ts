import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { isUrl } from '../config.ts'
import type { Clock } from '../lib/clock.ts'
import { messageOf } from '../lib/thrown.ts'
import { BoardError } from '../model/error.ts'
import type { Store } from '../store/store.ts'
import { bringUpToDate } from './upgrades/up-to-date.ts'

/** Where a board is kept. */
export interface Place {
  readonly slug: string
  /** A path, or a `postgres://` URL. */
  readonly database: string
  readonly workspaces: string
  readonly logs: string
}

/** What tells a board from every other: in PostgreSQL a slug is a schema of one database. */
export function keyOf({ slug, database }: Place): string {
  return `${slug} ${database}`
}

/** A board that is open. */
export interface Board extends Place {
  readonly store: Store
}

interface Opening {
  /** How long to wait for a turn, here and later, in milliseconds; the store's own time where left out. */
  readonly patience?: number
  /** How long to ask a server what became of a commit whose answer was lost, in milliseconds. */
  readonly doubt?: number
}

/** Makes the board on first use, and brings an older file up to date. The caller closes `store`. */
export async function openBoard(place: Place, clock: Clock, opening: Opening = {}): Promise<Board> {
  const store = await openStore(place, clock, opening)
  try {
    return { ...place, store: await bringUpToDate(store) }
  } catch (error) {
    await store.close()
    throw error
  }
}

async function openStore(place: Place, clock: Clock, opening: Opening): Promise<Store> {
  if (isUrl(place.database)) {
    const { openPostgres } = await import('../store/postgres.ts')
    const { schemaOf } = await import('./schema-name.ts')
    const schema = schemaOf(place.slug)
    // One that was removed is not made again; `default` always is.
    return openPostgres(place.database, { ...opening, schema, create: place.slug === 'default' })
  }
  if (place.slug === 'default') await makeHome(dirname(place.database))
  const { openSqlite } = await import('../store/sqlite.ts')
  return openSqlite(place.database, { ...opening, clock, create: true })
}

/** Of a fresh machine. The folder of any other board was there when it was chosen, or the board is gone. */
async function makeHome(root: string): Promise<void> {
  if (existsSync(root)) return
  try {
    const { privateFolder } = await import('../lib/files.ts')
    await privateFolder(root)
  } catch (error) {
    throw new BoardError(
      'environment',
      `the home ${root} cannot be made (${messageOf(error)}): set HERMES_KANBAN_HOME to a folder that is yours`,
      { root },
    )
  }
}
