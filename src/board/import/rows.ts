import { wellFormed } from '../../lib/text.ts'
import type { Column } from '../../store/schema.ts'
import { name, sql, type Value } from '../../store/sql.ts'
import type { Tx } from '../../store/store.ts'
import { type Entry, type EntryType, entryTypes, tableOf } from '../export/entries.ts'
import { insertRows, type Row } from '../insert-rows.ts'

/** What a table of ours takes of a row. */
interface Shape {
  readonly table: string
  /** All but the number that the table gives to a row itself. */
  readonly columns: readonly Column[]
  readonly isNumbered: boolean
  /** The names of all its columns, and `type`. */
  readonly known: ReadonlySet<string>
}

// Made once: what is the same for every row should not be made for each.
const shapes = Object.fromEntries(entryTypes.map((type) => [type, shapeOf(type)])) as Record<
  EntryType,
  Shape
>

function shapeOf(type: EntryType): Shape {
  const { name: table, columns, primaryKey } = tableOf(type)
  const isNumbered = primaryKey === 'autoincrement'
  const given = isNumbered ? columns.filter((column) => column.name !== 'id') : columns
  return {
    table,
    columns: given,
    isNumbered,
    known: new Set(['type', ...columns.map((column) => column.name)]),
  }
}

/** The columns of ours that a row has; odd cells made what their column can keep. */
export function rowOf(entry: Entry, now: number): Row {
  const row: Record<string, Value> = {}
  for (const column of shapes[entry.type].columns) {
    row[column.name] = cell(column, entry[column.name], now)
  }
  return row
}

/** What a row says that we have no column for; nothing is said by null, 0 and the empty text. */
export function strangersIn(entry: Entry): string[] {
  const { table, known } = shapes[entry.type]
  return Object.keys(entry)
    .filter((column) => !known.has(column) && Boolean(entry[column]))
    .map((column) => `${table}.${column}`)
}

/** The only numbers that a row must have and we have no default for are times. */
function cell({ type, notNull, default: usual }: Column, value: unknown, now: number): Value {
  const fallback = usual ?? (notNull ? (type === 'integer' ? now : '') : null)
  if (value === null || value === undefined) return fallback
  if (type === 'integer') return Number.isSafeInteger(value) ? (value as number) : fallback
  return wellFormed(typeof value === 'object' ? JSON.stringify(value) : String(value))
}

/** Returns their numbers where the table gives numbers. */
export async function insertAll(
  tx: Tx,
  type: EntryType,
  rows: readonly Row[],
): Promise<readonly number[]> {
  if (rows.length === 0) return []
  const { table, columns, isNumbered } = shapes[type]
  const newest = isNumbered ? await newestIn(tx, table) : 0
  await insertRows(tx, { name: table, columns }, rows)
  return isNumbered ? numbersAfter(tx, table, newest) : []
}

async function newestIn(tx: Tx, table: string): Promise<number> {
  const row = await tx.get<{ id: number | null }>(sql`select max(id) as id from ${name(table)}`)
  return row?.id ?? 0
}

async function numbersAfter(tx: Tx, table: string, newest: number): Promise<number[]> {
  const rows = await tx.all<{ id: number }>(
    sql`select id from ${name(table)} where id > ${newest} order by id`,
  )
  return rows.map(({ id }) => id)
}
