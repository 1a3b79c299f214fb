/** Tables as data, and how a database comes to have them. Only ever adds: the file may be shared. */

import { type Dialect, either, sql, verbatim } from './sql.ts'
import type { Reader, Store } from './store.ts'

export interface Column {
  readonly name: string
  readonly type: 'text' | 'integer'
  readonly notNull?: boolean
  readonly default?: string | number
}

export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  /** `autoincrement`: its column `id` is the key, and no number is ever given out twice. */
  readonly primaryKey: readonly string[] | 'autoincrement'
}

export interface Index {
  readonly name: string
  readonly table: string
  /** In order, each with ` desc` where it counts down. */
  readonly columns: readonly string[]
  /** The condition of a partial index, as SQL. */
  readonly where?: string
}

export interface Schema {
  readonly tables: readonly Table[]
  readonly indexes: readonly Index[]
}

/**
 * Creates what is missing of `schema` and leaves alone what it does not know. A complete database
 * costs one short read; several processes may open an empty one at the same time.
 */
export async function migrate(store: Store, schema: Schema): Promise<void> {
  if (await store.read((reader) => isComplete(reader, schema))) return
  // Looked at again inside the lock: another process may have done it in between.
  await store.write(async (tx) => {
    for (const text of await additions(tx, schema)) await tx.run(verbatim(text))
  })
}

/** Whether the database has everything that `schema` asks for. */
export async function isComplete(reader: Reader, schema: Schema): Promise<boolean> {
  return (await additions(reader, schema)).length === 0
}

/**
 * Whether a SQLite file has `schema` word for word, as it is made in an empty one, and nothing beside it:
 * then nothing can be wrong with its shape. Half the price of looking at each column.
 */
export async function isVerbatim(reader: Reader, schema: Schema): Promise<boolean> {
  const ours = new Set(
    [
      ...schema.tables.map((table) => createTable(table, 'sqlite')),
      ...schema.indexes.map(createIndex),
    ].map((text) => text.replace(/^create (table|index)/, (words) => words.toUpperCase())),
  )
  const found = await reader.all<{ text: string }>(sql`
    select sql as text from sqlite_schema where sql is not null and name not glob 'sqlite_*'`)
  return found.length === ours.size && found.every(({ text }) => ours.has(text))
}

/** The statements that are missing from the database, in the order in which they must run. */
async function additions(reader: Reader, schema: Schema): Promise<string[]> {
  const columns = await reader.all<{ owner: string; name: string }>(presentColumns)
  const indexes = await reader.all<{ name: string }>(presentIndexes)
  const present = new Map<string, Set<string>>()
  for (const { owner, name } of columns) {
    const known = present.get(owner) ?? new Set()
    present.set(owner, known.add(name))
  }
  const indexed = new Set(indexes.map((index) => index.name))
  return [
    ...schema.tables.flatMap((table) =>
      tableAdditions(table, present.get(table.name), reader.dialect),
    ),
    ...schema.indexes.filter((index) => !indexed.has(index.name)).map(createIndex),
  ]
}

// A view that shows what is gone would make SQLite refuse, so it is asked of tables alone. Its names have
// no case; those of PostgreSQL are in lower case unless somebody quoted them.
const presentColumns = sql`${either({
  sqlite: sql`
    select lower(m.name) as owner, lower(c.name) as name
    from sqlite_schema m, pragma_table_info(case m.type when 'table' then m.name end) c`,
  postgres: sql`
    select c.relname as owner, a.attname as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid
    where n.nspname = current_schema() and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`,
})}`

const presentIndexes = sql`${either({
  sqlite: sql`select lower(name) as name from sqlite_schema where type = 'index'`,
  postgres: sql`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind = 'i'`,
})}`

function tableAdditions(
  table: Table,
  present: Set<string> | undefined,
  dialect: Dialect,
): string[] {
  if (present === undefined) return [createTable(table, dialect)]
  return table.columns
    .filter((column) => !present.has(column.name))
    .map((column) => `alter table ${table.name} add column ${define(addable(column), dialect)}`)
}

function createTable(table: Table, dialect: Dialect): string {
  const automatic = table.primaryKey === 'autoincrement'
  const lines = table.columns.map((column) =>
    automatic && column.name === 'id' ? automaticId[dialect] : define(column, dialect),
  )
  if (table.primaryKey !== 'autoincrement') {
    lines.push(`primary key (${table.primaryKey.join(', ')})`)
  }
  return `create table ${table.name} (\n  ${lines.join(',\n  ')}\n)`
}

const automaticId: Record<Dialect, string> = {
  sqlite: 'id integer primary key autoincrement',
  postgres: 'id bigint generated by default as identity primary key',
}

// Collation "C" orders text by its bytes, as SQLite does: ids sort, and are found by prefix, alike.
const types: Record<Dialect, Record<Column['type'], string>> = {
  sqlite: { text: 'text', integer: 'integer' },
  postgres: { text: 'text collate "C"', integer: 'bigint' },
}

function define(column: Column, dialect: Dialect): string {
  const clauses = [column.name, types[dialect][column.type]]
  if (column.notNull) clauses.push('not null')
  if (column.default !== undefined) clauses.push(`default ${literal(column.default)}`)
  return clauses.join(' ')
}

/** Rows that are there already have no value for a column that must have one: it may be null. */
function addable(column: Column): Column {
  return column.default === undefined ? { ...column, notNull: false } : column
}

function createIndex({ name, table, columns, where }: Index): string {
  const condition = where === undefined ? '' : ` where ${where}`
  return `create index ${name} on ${table} (${columns.join(', ')})${condition}`
}

function literal(value: string | number): string {
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`
}
