/** A board as it lies, table by table in the order of their keys. */

import type { Table } from '../../store/schema.ts'
import { either, sql } from '../../store/sql.ts'
import type { Reader } from '../../store/store.ts'
import { countOf, otherTables } from '../export/others.ts'
import { pagesOf } from '../export/pages.ts'
import { schema } from '../schema.ts'
import type { Losses, Row } from './cells.ts'

/** All but what a board knows about itself: a copy is another board. */
export const tables: readonly Table[] = schema.tables.filter(({ name }) => name !== 'kanban_facts')

export interface Page {
  readonly table: Table
  readonly rows: readonly Row[]
}

/** Rows at a time. */
const size = 500

export async function* pages(reader: Reader): AsyncGenerator<Page> {
  for (const table of tables) {
    for await (const rows of pagesOf(reader, table, size)) yield { table, rows }
  }
}

/** How many rows there are of each table. */
export async function countRows(reader: Reader): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const table of tables) counts.set(table.name, await countOf(reader, table.name))
  return counts
}

/** The highest number that a table has given to a row, of rows that are gone too; 0 when none. */
export async function lastNumber(reader: Reader, table: string): Promise<number> {
  const row = await reader.get<{ number: number | null }>(
    sql`${either({
      sqlite: sql`select max(seq) as number from sqlite_sequence where name = ${table}`,
      postgres: sql`
      select pg_sequence_last_value(pg_get_serial_sequence(
        quote_ident(current_schema()) || '.' || ${table}, 'id')::regclass) as number`,
    })}`,
  )
  return row?.number ?? 0
}

/** What other programs keep in a file beside our tables. */
export async function noteOthers(reader: Reader, losses: Losses): Promise<void> {
  for (const { table, rows, isOurs } of await otherTables(reader)) {
    if (!isOurs) losses.left(`${table} (${rows})`, 'there is no such table here')
  }
}
