import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../lib/clock.ts'
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

/** A board that is open. */
export interface Board extends Place {
  readonly store: Store
}

/** Makes the board on first use, and brings an older file up to date. The caller closes `store`. */
export async function openBoard(place: Place, clock: Clock): Promise<Board> {
  const store = await openStore(place, clock)
  try {
    return { ...place, store: await bringUpToDate(store) }
  } catch (error) {
    await store.close()
    throw error
  }
}

async function openStore(place: Place, clock: Clock): Promise<Store> {
  if (/^postgres(ql)?:\/\//.test(place.database)) {
    const { openPostgres } = await import('../store/postgres.ts')
    return openPostgres(place.database, { schema: `kanban_${place.slug}`, create: true })
  }
  if (place.slug === 'default') await makeHome(dirname(place.database))
  const { openSqlite } = await import('../store/sqlite.ts')
  return openSqlite(place.database, { clock, create: true })
}

/** Of a fresh machine. The folder of any other board was there when it was chosen, or the board is gone. */
async function makeHome(root: string): Promise<void> {
  if (existsSync(root)) return
  try {
    const { privateFolder } = await import('../lib/files.ts')
    await privateFolder(root)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new BoardError(
      'environment',
      `the home ${root} cannot be made (${why}): set HERMES_KANBAN_HOME to a folder that is yours`,
      { root },
    )
  }
}
