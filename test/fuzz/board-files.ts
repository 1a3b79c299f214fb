/** Board files to be spoilt, and everything that can be asked of one. */

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'vitest'
import { type Board, openBoard } from '../../src/board/board.ts'
import { comment } from '../../src/board/comment.ts'
import { hold } from '../../src/board/holds.ts'
import { subscribe } from '../../src/board/subscriptions.ts'
import { untold } from '../../src/board/untold.ts'
import { environment } from '../../src/config.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { BoardError } from '../../src/model/error.ts'
import { type Context, type Operation, perform } from '../../src/operations/operation.ts'
import { allOperations } from '../../src/operations/registry.ts'
import { sql } from '../../src/store/sql.ts'
import { make, taskIn } from '../board/support.ts'
import type { Home } from '../operations/home.ts'
import { newFolder } from '../support/stores.ts'

const statuses = ['triage', 'todo', 'ready', 'running', 'blocked', 'done', 'archived']

export function placeAt(database: string) {
  return { slug: 'odd', database, workspaces: '', logs: '' }
}

/** A board with something in each of its tables, closed. */
export async function wholeBoard(): Promise<string> {
  const file = join(newFolder(), 'kanban.db')
  const { store } = await openBoard(placeAt(file), systemClock)
  await store.write(async (tx) => {
    await hold(tx, { scope: 'profile', key: 'idle', until: tx.now + 9, reason: 'r', by: 'ann' })
    for (const status of statuses) {
      const id = await taskIn(tx, status)
      await comment(tx, id, 'ann', 'a word')
      await subscribe(tx, { task_id: id, platform: 'slack', chat_id: 'C1', thread_id: '' }, null)
      await make(tx, { parents: [id], assignee: 'writer', body: 'text '.repeat(3) })
    }
  })
  await store.close()
  return file
}

/** All rows of all tables, as SQLite has them. */
export function rowsIn(file: string): string[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const names = database.prepare("select name from sqlite_schema where type = 'table' order by 1")
    return names.all().flatMap(({ name }) => {
      const rows = database.prepare(`select rowid, * from "${name}" order by 1`)
      rows.setReadBigInts(true)
      return rows.all().map((row) => `${name} ${JSON.stringify(row, plain)}`)
    })
  } finally {
    database.close()
  }
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
}

async function reads(): Promise<Operation[]> {
  const all = await allOperations()
  // These go on, copy, or are about other boards.
  const others = /^(tail|watch|boards_|init|page_settings)/
  return all.filter(({ name, effect }) => effect === 'read' && !others.test(name))
}

/** As if the file were the board of the home. */
export function askingOf(board: Board, { root }: Home): Partial<Context> {
  return {
    board: async () => board,
    environment: environment({
      ...{ HOME: root, HERMES_KANBAN_HOME: root, PATH: process.env.PATH },
      HERMES_KANBAN_DB: board.database,
    }),
  }
}

/** Everything that can be asked of a board. Returns what was refused. */
export async function readAll(
  board: Board,
  home: Home,
  ids: ReadonlySet<string>,
): Promise<string[]> {
  const refused: string[] = []
  const asking = askingOf(board, home)
  const context = home.context(asking)
  const look = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof BoardError)) throw new Error(`${what}: ${error}`, { cause: error })
      expect(error.message, what).toMatch(/^\S[^\n]*$/)
      refused.push(what)
    }
  }
  for (const operation of await reads()) {
    const needs = 'task_id' in operation.input.shape
    for (const task_id of needs ? ids : [undefined]) {
      const input = {
        ...(task_id === undefined ? {} : { task_id }),
        ...(operation.name === 'search' ? { q: 'work' } : {}),
      }
      await look(operation.name, () => perform(operation, input, context))
    }
  }
  await look('untold', () => board.store.read((reader) => untold(reader)))
  for (const argv of [
    ['list'],
    ['stats'],
    ['show', ...[...ids, 'none'].slice(0, 1)],
    ['dispatch', '--dry-run'],
  ]) {
    const { code, err } = await home.runOn({ context: asking }, ...argv)
    expect([0, 1], `${argv}: ${err}`).toContain(code)
    expect(err, String(argv)).not.toMatch(/unexpected:|\n\s+at /)
  }
  return refused
}

/** What SQLite thinks of it. */
export function isWhole(file: string): boolean {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { readOnly: true })
    return Object.values(database.prepare('pragma integrity_check').get() ?? {})[0] === 'ok'
  } catch {
    return false
  } finally {
    database?.close()
  }
}

/** Refusals are sentences; anything else is thrown. */
export async function openAndRead(file: string, home: Home): Promise<'read' | 'refused'> {
  try {
    const board = await openBoard(placeAt(file), systemClock)
    try {
      const ids = await idsOf(board)
      await readAll(board, home, new Set(ids.slice(0, 2)))
      return 'read'
    } finally {
      await board.store.close()
    }
  } catch (error) {
    if (!(error instanceof BoardError)) throw error
    expect(error.message).toMatch(/^\S[^\n]*$/)
    return 'refused'
  }
}

export async function idsOf({ store }: Board): Promise<string[]> {
  const rows = await store.read((reader) => reader.all<{ id: string }>(sql`select id from tasks`))
  return rows.map(({ id }) => id)
}
