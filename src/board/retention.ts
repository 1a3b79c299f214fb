import { sql } from '../store/sql.ts'
import type { Reader, Tx } from '../store/store.ts'
import { forgetUpTo } from './facts.ts'

/** Events of tasks that are done or put away, older than `before` (unix seconds): what may be forgotten. */
const old = (before: number) => sql`
  created_at < ${before}
    and task_id in (select id from tasks where status in ('done', 'archived'))`

export async function countOldEvents(reader: Reader, before: number): Promise<number> {
  const row = await reader.get<{ count: number }>(
    sql`select count(*) as count from task_events where ${old(before)}`,
  )
  return row?.count ?? 0
}

/** Returns how many. The history of open tasks is kept however old it is. */
export async function deleteOldEvents(tx: Tx, before: number): Promise<number> {
  const newest = await tx.get<{ id: number | null }>(
    sql`select max(id) as id from task_events where ${old(before)}`,
  )
  if (newest?.id == null) return 0
  await forgetUpTo(tx, newest.id)
  return tx.run(sql`delete from task_events where ${old(before)}`)
}
