/** Rows that another program wrote. */

import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import fc from 'fast-check'
import { expect } from 'vitest'
import { type Board, openBoard } from '../../src/board/board.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { type Home, newHome } from '../operations/home.ts'
import { newFolder } from '../support/stores.ts'
import { askingOf, idsOf, placeAt, readAll, rowsIn, wholeBoard } from './board-files.ts'
import { always, type Size } from './odd.ts'

/** What shows several tasks at once: no row may break these. */
const lists = new Set(['list', 'board', 'stats', 'assignees', 'search', 'situation', 'notify_list'])

interface Cell {
  readonly column: number
  readonly row: number
  readonly value: SQLInputValue
}

const oddCells: readonly SQLInputValue[] = [
  ...[2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), -1n, 0n, 1.5, 1e300, null],
  ...[
    '',
    'review',
    '{',
    '[1',
    '[]',
    '{}',
    '{"a":1}',
    '"text"',
    'null',
    'a,b',
    '\u0000',
    '٣',
    'NaN',
  ],
  ...[Buffer.from([0xff, 0x00, 0xc3]), Buffer.from('text'), Buffer.alloc(0)],
]

const cells: fc.Arbitrary<Cell[]> = fc.array(
  fc.record({
    column: fc.nat(200),
    row: fc.nat(40),
    value: fc.oneof(fc.constantFrom(...oddCells), fc.string({ unit: 'binary', maxLength: 20 })),
  }),
  { minLength: 1, maxLength: 6 },
)

/** Columns that another program may have written anything into; what makes a row the one that it is stays. */
function columnsOf(database: DatabaseSync): [table: string, column: string][] {
  const all = database.prepare(`
    select t.name as "table", c.name as "column" from sqlite_schema t, pragma_table_info(t.name) c
    where t.type = 'table' and t.name not like 'sqlite_%' and t.name <> 'kanban_meta' and c.pk = 0`)
  return all.all().map((row) => [String(row.table), String(row.column)])
}

function writeOdd(file: string, all: readonly Cell[]): string[] {
  const database = new DatabaseSync(file)
  try {
    const columns = columnsOf(database)
    return all.map(({ column, row, value }) => {
      const [table, name] = columns[column % columns.length] ?? ['', '']
      try {
        const count = Number(database.prepare(`select count(*) as n from "${table}"`).get()?.n)
        if (count === 0) return 'nothing'
        database
          .prepare(
            `update "${table}" set "${name}" = ? where rowid = (select rowid from "${table}" limit 1 offset ?)`,
          )
          .run(value, row % count)
      } catch {
        // A constraint of the table: no program could have written that.
      }
      return `${table}.${name} ← ${typeof value === 'object' ? 'blob' : String(value)}`
    })
  } finally {
    database.close()
  }
}

/** Rows with values that no program of ours writes: everything can be looked at, lists are whole, and work goes on. */
export async function fuzzRows(size: Size): Promise<void> {
  const whole = await wholeBoard()
  const home = await newHome()
  const file = join(newFolder(), 'kanban.db')
  await always(cells, size, async (all) => {
    for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
    copyFileSync(whole, file)
    const written = writeOdd(file, all)
    const before = rowsIn(file)
    const board = await openBoard(placeAt(file), systemClock)
    try {
      const every = await idsOf(board)
      const ids = new Set(all.map(({ row }) => every[row % every.length] ?? ''))
      const refused = await readAll(board, home, ids)
      expect(
        refused.filter((name) => lists.has(name)),
        written.join('; '),
      ).toEqual([])
      await workGoesOn(board, home)
      await board.store.close()
      expectKept(before, rowsIn(file), written.join('; '))
    } finally {
      await board.store.close()
    }
  })
}

async function workGoesOn(board: Board, home: Home): Promise<void> {
  const asking = askingOf(board, home)
  const run = (...argv: string[]) => home.runOn({ context: asking }, ...argv)
  const made = await run('create', 'another')
  const id = /t_[0-9a-f]{8}/.exec(made.out)?.[0] ?? made.err
  expect(await run('dispatch', '--json')).toMatchObject({ code: 0, err: '' })
  expect(await run('complete', id)).toMatchObject({ code: 0, err: '' })
  expect(await run('archive', id)).toMatchObject({ code: 0 })
}

/** A run that nobody has closed or opened is, when a board is opened: all else stays as it was. */
function expectKept(before: readonly string[], after: readonly string[], written: string): void {
  const mended =
    /"(claim_\w+|current_run_id|status|outcome|summary|\w+ed_at|error)":("(?:[^"\\]|\\.)*"|null),?/g
  const kept = (rows: readonly string[]) => rows.map((row) => row.replace(mended, ''))
  const there = new Set(kept(after))
  const lost = kept(before).filter((row) => !there.has(row) && !row.startsWith('sqlite_sequence'))
  expect(lost, written).toEqual([])
}
