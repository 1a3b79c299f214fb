import { satisfying } from '../model/status.ts'
import type { Task } from '../model/task.ts'
import { nothing, type Sql, sql, words } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'
import { type TaskRow, taskColumns, taskOf } from './rows.ts'

export interface Filter {
  /** Null for tasks of nobody. */
  readonly assignee?: string | null | undefined
  readonly status?: string | null | undefined
  readonly tenant?: string | null | undefined
  readonly archived?: boolean | undefined
  readonly limit?: number | undefined
}

/** In dispatch order: more urgent first, then older. Archived tasks only when asked for. */
export async function list(reader: Reader, filter: Filter = {}): Promise<Task[]> {
  const { assignee, status, tenant, archived, limit } = filter
  const rows = await reader.all<TaskRow>(sql`
    select ${taskColumns} from tasks
    where 1 = 1
      ${status ? sql`and status = ${status}` : nothing}
      ${status || archived ? nothing : sql`and status <> 'archived'`}
      ${assignee === undefined ? nothing : whose(assignee)}
      ${tenant ? sql`and tenant = ${tenant}` : nothing}
    order by priority desc, created_at, id
    ${limit === undefined ? nothing : sql`limit ${limit}`}`)
  return rows.map(taskOf)
}

/** Another program may have written nobody as the empty text. */
function whose(assignee: string | null): Sql {
  return assignee === null
    ? sql`and (assignee is null or assignee = '')`
    : sql`and assignee = ${assignee}`
}

export interface Progress {
  readonly done: number
  readonly total: number
}

/** How many of the task's children satisfy; null without children. */
export async function progress(reader: Reader, id: string): Promise<Progress | null> {
  const count = await reader.get<Progress>(sql`
    select count(*) as total,
      coalesce(sum(case when child.status in (${words(...satisfying)}) then 1 else 0 end), 0) as done
    from task_links link join tasks child on child.id = link.child_id
    where link.parent_id = ${id}`)
  return count === undefined || count.total === 0 ? null : { done: count.done, total: count.total }
}
