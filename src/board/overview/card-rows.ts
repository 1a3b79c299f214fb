import { nothing, type Sql, sql } from '../../store/sql.ts'
import type { Reader } from '../../store/store.ts'
import type { TaskRow } from '../rows.ts'
import { among, type Only } from './only.ts'

/** Which cards of a board are looked at. */
export interface View {
  readonly tenant?: string | undefined
  readonly archived?: boolean | undefined
  /** These alone, as far as they are in view. */
  readonly only?: Only
}

export type CardRow = Omit<TaskRow, 'body' | 'result'>

/** Those of `taskColumns` that are not long. */
const columns = sql`id, title, assignee, status, priority, created_by, created_at, started_at,
  completed_at, workspace_kind, workspace_path, branch_name, claim_lock, claim_expires, tenant,
  idempotency_key, consecutive_failures, last_failure_error, not_before, worker_pid,
  max_runtime_seconds, last_heartbeat_at, current_run_id, skills, max_retries, block_kind,
  model_override, workflow_template_id, current_step_key, session_id, host`

/** In dispatch order: more urgent first, then older. */
export async function cardRows(reader: Reader, view: View): Promise<CardRow[]> {
  const rows = await reader.all<CardRow>(sql`select ${columns} from tasks where ${inView(view)}`)
  // Sorted here: the database would copy each row to sort it, which is half of the price of reading them.
  return rows.sort(
    (a, b) =>
      (b.priority ?? 0) - (a.priority ?? 0) ||
      a.created_at - b.created_at ||
      (a.id < b.id ? -1 : 1),
  )
}

export function inView({ tenant, archived, only }: View): Sql {
  return sql`1 = 1
    ${archived ? nothing : sql`and status <> 'archived'`}
    ${tenant === undefined ? nothing : sql`and tenant = ${tenant}`}
    and ${among('id', only)}`
}
