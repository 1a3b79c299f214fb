/** A board file of Hermes Agent or of this program, of any age, as a source. */

import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Clock } from '../../lib/clock.ts'
import { plural } from '../../lib/plural.ts'
import { BoardError } from '../../model/error.ts'
import type { Reader, Store } from '../../store/store.ts'
import { type Entry, entries } from '../export/entries.ts'
import { otherTables } from '../export/others.ts'
import { fromSnapshot } from '../export/snapshot.ts'
import { olderNames } from '../upgrades/older-columns.ts'
import { shapeOf } from '../upgrades/shape.ts'
import { bringUpToDate } from '../upgrades/up-to-date.ts'
import type { Source, Untold } from './source.ts'

/**
 * Reads a copy, which is brought up to date first: the file itself may be in use, is never changed,
 * and may be older than anything that the rest of us knows. Throws when it is no board.
 */
export async function hermesBoard(path: string, clock: Clock): Promise<Source> {
  assertFile(path)
  const folder = await mkdtemp(join(tmpdir(), 'hermes-import-'))
  try {
    const copy = await copyOf(path, join(folder, 'kanban.db'), clock)
    return {
      entries: () => fromSnapshot(copy, told),
      async close() {
        await copy.close()
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** Whether `path` is the very file that a board is kept in. */
export function isFileOf(store: Store, path: string): boolean {
  if (store.dialect !== 'sqlite') return false
  const [one, other] = [path, store.place].map((file) => statSync(file, { throwIfNoEntry: false }))
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev
}

function assertFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isFile()) return
  const why = found === undefined ? 'there is no such file' : 'it is no file'
  throw refused(path, `${why}: name the kanban.db of a board`)
}

async function copyOf(path: string, target: string, clock: Clock): Promise<Store> {
  const [{ copySqlite }, { openSqlite }] = await Promise.all([
    import('../../store/sqlite-copy.ts'),
    import('../../store/sqlite.ts'),
  ])
  await copySqlite(path, target).catch((error) => {
    const corrupt = error instanceof BoardError && error.code === 'board_corrupt'
    throw corrupt ? refused(path, 'it is no SQLite database, or a damaged one') : error
  })
  const store = await openSqlite(target, { clock, create: false })
  try {
    const { tables } = await store.read(shapeOf)
    const tasks = tables.get('tasks')
    if (!['id', 'title', 'status', 'created_at'].every((column) => tasks?.has(column))) {
      throw refused(path, 'it is a database, but no board: it has no such tasks')
    }
    return await bringUpToDate(store)
  } catch (error) {
    await store.close()
    throw error
  }
}

function refused(path: string, why: string): BoardError {
  return new BoardError(
    'meaningless',
    `${resolve(path)} cannot be imported: ${why}; nothing was taken`,
    { path },
  )
}

async function* told(reader: Reader) {
  for await (const some of entries(reader)) yield some.map(current)
  yield await untold(reader)
}

/** Without what the current columns say as well. */
function current(entry: Entry): Entry {
  if (!olderNames.some((column) => column in entry)) return entry
  const kept = Object.entries(entry).filter(([column]) => !olderNames.includes(column))
  return { ...Object.fromEntries(kept), type: entry.type }
}

async function untold(reader: Reader): Promise<Untold[]> {
  const others = await otherTables(reader)
  return others.map(({ table, rows, isOurs }) => ({
    type: 'untold',
    what: `${table} (${plural(rows, 'row')})`,
    why: isOurs ? 'it is of that installation alone' : 'there is no such table here',
  }))
}
