import { hasOpenParent, promote } from '../board/parents.ts'
import { anyOf, sql } from '../store/sql.ts'
import type { Reader, Tx } from '../store/store.ts'

/**
 * Tasks in todo that nothing holds back any more. The verbs promote in their own unit of work; this
 * finds what another program left behind: among what changed after event `since`, or everywhere.
 */
export async function promotable(reader: Reader, since: number | null): Promise<string[]> {
  const changed = sql`select task_id from task_events where id > ${since ?? 0}`
  const touched =
    since === null
      ? sql`1 = 1`
      : sql`id in (select child_id from task_links where parent_id in (${changed})
          union ${changed})`
  // Where few are meant the status must not lead: its index would walk all of todo.
  const waits = since === null ? sql`status = 'todo'` : sql`status || '' = 'todo'`
  const rows = await reader.all<{ id: string }>(sql`
    select id from tasks where ${waits} and ${touched} and not ${hasOpenParent('tasks')}`)
  return rows.map((row) => row.id)
}

export function promoteThese(tx: Tx, ids: readonly string[]): Promise<number> {
  return promote(tx, sql`id in ${anyOf(ids)}`)
}
