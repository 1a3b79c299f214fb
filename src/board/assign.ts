import { BoardError } from '../model/error.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { notFound } from './move.ts'
import { record } from './record.ts'

/**
 * Gives the task to somebody else, or to nobody; somebody new begins without failures. Throws
 * `wrong_status` while it is running. Returns false when it is theirs already.
 */
export async function assign(
  tx: Tx,
  id: string,
  assignee: string | null,
  source?: 'default',
): Promise<boolean> {
  const task = await tx.get<{ status: string; assignee: string | null }>(
    sql`select status, assignee from tasks where id = ${id}`,
  )
  if (task === undefined) throw notFound(id)
  const rows = await tx.run(sql`
    update tasks set assignee = ${assignee}, consecutive_failures = 0, last_failure_error = null,
      not_before = null
    where id = ${id} and status <> 'running' and coalesce(assignee, '') <> ${assignee ?? ''}`)
  if (rows === 0 && task.status === 'running') {
    throw new BoardError(
      'wrong_status',
      `${id} cannot be given to somebody else: it is running; reclaim it first`,
      { id, status: task.status },
    )
  }
  if (rows === 0) return false
  await record(tx, id, 'assigned', { assignee, ...(source === undefined ? {} : { source }) })
  return true
}
