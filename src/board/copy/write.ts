import { BoardError } from '../../model/error.ts'
import { sql } from '../../store/sql.ts'
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
