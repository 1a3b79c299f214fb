import { BoardError } from '../model/error.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { type Moved, move } from './move.ts'
import { demoteChildren } from './parents.ts'

/**
 * Done or archived → ready, or todo while a parent is open; its children wait for it again. Throws
 * `conflict` while another task that is not archived has its idempotency key.
 */
export async function reopen(tx: Tx, id: string): Promise<Moved> {
  const twin = await tx.get<{ id: string }>(sql`
    select id from tasks
    where idempotency_key = (
        select idempotency_key from tasks where id = ${id} and status = 'archived')
      and id <> ${id} and status <> 'archived'
    limit 1`)
  if (twin !== undefined) {
    throw new BoardError(
      'conflict',
      `${id} cannot be reopened: ${twin.id} has its idempotency key by now; archive that first`,
      { id, twin: twin.id },
    )
  }
  const moved = await move(tx, 'reopen', id)
  await demoteChildren(tx, id, 'reopened')
  return moved
}
