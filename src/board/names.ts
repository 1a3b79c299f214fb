import { sql } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'

/** What tasks of a board can be told apart by, each name once, in order. */
export interface Names {
  readonly tenants: readonly string[]
  readonly assignees: readonly string[]
}

export async function namesInUse(reader: Reader): Promise<Names> {
  const tenants = await reader.all<{ name: string }>(
    sql`select distinct tenant as name from tasks where tenant is not null order by tenant`,
  )
  const assignees = await reader.all<{ name: string }>(
    sql`select distinct assignee as name from tasks where assignee is not null order by assignee`,
  )
  return { tenants: tenants.map(({ name }) => name), assignees: assignees.map(({ name }) => name) }
}
