import type { Status } from '../../model/status.ts'
import { anyOf, either, name, type Sql, sql, words } from '../../store/sql.ts'

/** The tasks that are looked at; all of them where undefined. */
export type Only = readonly string[] | undefined

/** True of a row whose column names one of them. */
export function among(column: 'id' | 'task_id' | 'parent_id' | 'child_id', only: Only): Sql {
  if (only === undefined) return sql`1 = 1`
  const ids = JSON.stringify(only)
  return sql`${name(column)} ${either({
    sqlite: sql`in ${anyOf(only)}`,
    // As a list it is looked up in an index; as a table that is joined, PostgreSQL would walk all rows.
    postgres: sql`= any (array(select json_array_elements_text(${ids}::json)))`,
  })}`
}

/** True of a row of `tasks` that is one of them in this status; where they are named, no index of statuses is walked for them. */
export function isIn(status: Status, only: Only): Sql {
  if (only === undefined) return sql`status = ${words(status)}`
  return sql`status || '' = ${words(status)} and ${among('id', only)}`
}
