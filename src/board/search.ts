import { sql } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'
import { inView, type View } from './overview/card-rows.ts'

/** The ids of tasks that say `text` somewhere, in any case: id, title, body, assignee, a summary. */
export async function search(reader: Reader, text: string, view: View): Promise<string[]> {
  const like = `%${text.toLowerCase().replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  const rows = await reader.all<{ id: string }>(sql`
    select id from tasks where ${inView(view)} and (
      lower(id) like ${like} escape '\\' or lower(title) like ${like} escape '\\'
      or lower(body) like ${like} escape '\\' or lower(assignee) like ${like} escape '\\'
      or exists (select 1 from task_runs run
        where run.task_id = tasks.id and lower(run.summary) like ${like} escape '\\'))
    order by priority desc, created_at, id`)
  return rows.map(({ id }) => id)
}
