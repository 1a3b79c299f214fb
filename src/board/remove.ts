import { BoardError } from '../model/error.ts'
import { satisfying } from '../model/status.ts'
import { sql, words } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { stillEnding, stillEndingError } from './claim.ts'
import { unhold } from './holds.ts'
import { notFound } from './move.ts'
import { record } from './record.ts'

/**
 * Deletes an archived task with everything about it; one event stays, which says by whom. Throws
 * `conflict` while a child of it is open. Its log is the caller's to remove.
 */
export async function remove(tx: Tx, id: string, by: string, here: string): Promise<void> {
  const task = await tx.get<{ status: string }>(sql`select status from tasks where id = ${id}`)
  if (task === undefined) throw notFound(id)
  const child = await tx.get<{ id: string }>(sql`
    select child.id from task_links link join tasks child on child.id = link.child_id
    where link.parent_id = ${id} and child.status not in (${words(...satisfying)}) limit 1`)
  if (child !== undefined) {
    throw new BoardError(
      'conflict',
      `${id} cannot be deleted: its child ${child.id} is not finished; finish or unlink it first`,
      { id, child: child.id },
    )
  }
  const ending = await stillEnding(tx, id, here)
  if (ending !== undefined) throw stillEndingError(id, ending, 'deleted')
  const rows = await tx.run(sql`delete from tasks where id = ${id} and status = 'archived'`)
  if (rows === 0) {
    throw new BoardError(
      'wrong_status',
      `${id} cannot be deleted: it is ${task.status}; archive it first`,
      { id, status: task.status },
    )
  }
  await tx.run(sql`delete from task_links where parent_id = ${id} or child_id = ${id}`)
  await tx.run(sql`delete from task_comments where task_id = ${id}`)
  await tx.run(sql`delete from task_runs where task_id = ${id}`)
  await tx.run(sql`delete from kanban_notify_subs where task_id = ${id}`)
  await unhold(tx, 'task', id)
  await tx.run(sql`delete from task_events where task_id = ${id}`)
  await record(tx, id, 'deleted', { by })
}
