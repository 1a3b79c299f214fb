import { wellFormed } from '../../lib/text.ts'
import type { Column } from '../../store/schema.ts'
import type { Value } from '../../store/sql.ts'
import type { Tx } from '../../store/store.ts'
import { type Entry, type EntryType, entryTypes, tableOf } from '../export/entries.ts'

export type Row = Readonly<Record<string, Value>>

/** The columns of ours that a row has; odd cells made what their column can keep. */
export function rowOf(entry: Entry, now: number): Row {
  const given = columnsOf(entry.type)
  return Object.fromEntries(
    given.map((column) => [column.name, cell(column, entry[column.name], now)]),
  )
}

/** All but the number that its table gives to a row. */
function columnsOf(type: EntryType): readonly Column[] {
  const { columns, primaryKey } = tableOf(type)
  return primaryKey === 'autoincrement' ? columns.filter(({ name }) => name !== 'id') : columns
}

/** What a row says that we have no column for; nothing is said by null, 0 and the empty text. */
export function strangersIn(entry: Entry): string[] {
  const { name: table, columns } = tableOf(entry.type)
  const known = new Set(['type', ...columns.map((column) => column.name)])
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

/** Inserts a row, under a fresh number where its table gives numbers; that is returned. */
export async function insert(tx: Tx, type: EntryType, row: Row): Promise<number | undefined> {
  const parts = columnsOf(type).map(({ name }) => row[name] ?? null)
  const query = { strings: inserts[type], parts }
  if (tableOf(type).primaryKey === 'autoincrement') return tx.insert(query)
  await tx.run(query)
  return undefined
}

/** Made once: a text that is put together for each row takes longer than the row. */
const inserts = Object.fromEntries(entryTypes.map((type) => [type, insertOf(type)])) as Record<
  EntryType,
  readonly string[]
>

function insertOf(type: EntryType): readonly string[] {
  const { name: table } = tableOf(type)
  const columns = columnsOf(type).map(({ name }) => name)
  return [
    `insert into ${table} (${columns.join(', ')}) values (`,
    ...columns.slice(1).map(() => ', '),
    ')',
  ]
}
