import type { Tx } from '../store/store.ts'
import { type Moved, move } from './move.ts'
import { promoteChildren } from './parents.ts'

/** Puts the task away; its children no longer wait for it. Its runner ends a worker that is left. */
export async function archive(tx: Tx, id: string): Promise<Moved> {
  const moved = await move(tx, 'archive', id, { close: { summary: 'archived' } })
  if (moved.from !== 'done') await promoteChildren(tx, id)
  return moved
}
