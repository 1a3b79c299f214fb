import type { Column, Table } from '../store/schema.ts'
import { either, join, name, type Sql, sql, type Value, verbatim } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'

/** By the names of the columns. */
export type Row = Readonly<Record<string, Value>>

/** Characters of rows in one statement, at least one row: a body may be a megabyte. */
const most = 4_000_000

/**
 * Inserts rows in their order, many with one statement: one by one, a large board would hold the lock of a
 * server for minutes. `columns` are those that the rows have; a number that is among them is kept.
 */
export async function insertRows(
  tx: Tx,
  { name: table, columns }: Pick<Table, 'name' | 'columns'>,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return
  // Most columns of most rows are empty, and each costs as much as one that is not.
  const used = columns.filter(
    ({ name: column, default: usual }) =>
      usual !== undefined || rows.some((row) => row[column] !== null),
  )
  let some: string[] = []
  let size = 0
  for (const row of rows) {
    const cells = JSON.stringify(used.map((column) => row[column.name] ?? null))
    if (size + cells.length > most && some.length > 0) {
      await tx.run(insertOf(table, used, some))
      some = []
      size = 0
    }
    some.push(cells)
    size += cells.length
  }
  await tx.run(insertOf(table, used, some))
}

/** Each row is a JSON array of its cells. */
function insertOf(table: string, columns: readonly Column[], rows: readonly string[]): Sql {
  const json = `[${rows.join(',')}]`
  return sql`
    insert into ${name(table)} (${join(columns.map((column) => name(column.name)))})
    ${either({
      sqlite: sql`select ${cellsOf(columns)} from json_each(${json})`,
      postgres: sql`select ${cellsOf(columns, '::bigint')}
        from json_array_elements(${json}::json) with ordinality as given(value, place) order by place`,
    })}`
}

function cellsOf(columns: readonly Column[], integer = ''): Sql {
  const cells = columns.map(
    ({ type }, at) => `(value ->> ${at})${type === 'integer' ? integer : ''}`,
  )
  return verbatim(cells.join(', '))
}
