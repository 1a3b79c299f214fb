import { latestEventId } from '../board/history.ts'
import { hasOpenParent, promote } from '../board/parents.ts'
import { anyOf, type Sql, sql } from '../store/sql.ts'
import type { Reader, Tx } from '../store/store.ts'

/**
 * Tasks in todo that nothing holds back any more. The verbs promote in their own unit of work; this
 * finds what another program left behind: among what changed after event `since`, or everywhere.
 */
export async function promotable(reader: Reader, since: number | null): Promise<string[]> {
  if (since === null) return freeAmong(reader, sql`status = 'todo'`)
  if ((await latestEventId(reader)) <= since) return []
  // `union` would sort all events there are; and a status that can be looked up, all of todo be walked.
  const changed = sql`select task_id from task_events where id > ${since}`
  return freeAmong(
    reader,
    sql`status || '' = 'todo' and id in (
      select child_id from task_links where parent_id in (${changed}) union all ${changed})`,
  )
}

async function freeAmong(reader: Reader, which: Sql): Promise<string[]> {
  const rows = await reader.all<{ id: string }>(
    sql`select id from tasks where ${which} and not ${hasOpenParent}`,
  )
  return rows.map((row) => row.id)
}

export function promoteThese(tx: Tx, ids: readonly string[]): Promise<number> {
  return promote(tx, sql`tasks where id in ${anyOf(ids)}`)
}
