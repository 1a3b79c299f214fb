import { BoardError } from '../../model/error.ts'
import type { Table } from '../../store/schema.ts'
import { either, join, name, type Sql, sql, type Value } from '../../store/sql.ts'
import type { Reader, Tx } from '../../store/store.ts'

/** Throws `conflict` when anything has ever been on the board. */
export async function assertEmpty(reader: Reader, slug: string): Promise<void> {
  const found = await reader.get(sql`
    select 1 from tasks union all select 1 from task_events limit 1`)
  if (found === undefined) return
  throw new BoardError(
    'conflict',
    `there is a board ${slug} with tasks already where the copy is to be: name another with --as`,
    { slug },
  )
}

/** Many rows in one statement, bound as one parameter; their numbers are kept. */
export async function insertRows(
  tx: Tx,
  { name: table, columns }: Table,
  rows: readonly Readonly<Record<string, Value>>[],
): Promise<void> {
  const names = columns.map((column) => column.name)
  const json = JSON.stringify(rows)
  await tx.run(sql`
    insert into ${name(table)} (${join(names.map(name))})
    ${either({
      sqlite: sql`select ${join(names.map(fromJson))} from json_each(${json})`,
      postgres: sql`
        select ${join(names.map(name))}
        from json_populate_recordset(null::${name(table)}, ${json}::json)`,
    })}`)
}

function fromJson(column: string): Sql {
  return sql`json_extract(value, '$.' || ${column})`
}

/** No number is given again that the board has given before. */
export async function setLastNumber(tx: Tx, table: string, number: number): Promise<void> {
  if (number === 0) return
  if (tx.dialect === 'postgres') {
    await tx.get(sql`
      select setval(pg_get_serial_sequence(
        quote_ident(current_schema()) || '.' || ${table}, 'id'), ${number})`)
    return
  }
  const known = await tx.run(
    sql`update sqlite_sequence set seq = max(seq, ${number}) where name = ${table}`,
  )
  if (known === 0) {
    await tx.run(sql`insert into sqlite_sequence (name, seq) values (${table}, ${number})`)
  }
}
