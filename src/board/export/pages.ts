import type { Table } from '../../store/schema.ts'
import { join, name, sql } from '../../store/sql.ts'
import type { Reader } from '../../store/store.ts'

export type Cells = Readonly<Record<string, unknown>>

/**
 * All rows of a table in the order of its key, at most `size` at a time, for a body may be a megabyte.
 * Every column, for what another program keeps in its own belongs to the board too.
 */
export async function* pagesOf(
  reader: Reader,
  { name: table, columns, primaryKey }: Table,
  size: number,
): AsyncGenerator<Cells[]> {
  const key = primaryKey === 'autoincrement' ? ['id'] : primaryKey
  const order = join(key.map(name))
  let after: (string | number)[] = key.map((column) => {
    const isInteger = columns.find((one) => one.name === column)?.type === 'integer'
    return isInteger ? Number.MIN_SAFE_INTEGER : ''
  })
  for (;;) {
    const rows = await reader.all<Cells>(sql`
      select * from ${name(table)} where (${order}) > (${join(after)})
      order by ${order} limit ${size}`)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < size) return
    after = key.map((column) => last[column] as string | number)
  }
}
