import { anyOf, sql } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'

/** As much of a task as a line about one of its events needs. */
export interface Caption {
  readonly id: string
  readonly title: string
  readonly assignee: string | null
  readonly tenant: string | null
}

/** By id; a task that is gone has none. */
export async function captions(
  reader: Reader,
  ids: readonly string[],
): Promise<Map<string, Caption>> {
  const rows = await reader.all<Caption>(
    sql`select id, title, assignee, tenant from tasks where id in ${anyOf(ids)}`,
  )
  return new Map(rows.map((one) => [one.id, one]))
}
