import { cut, firstLine } from '../lib/text.ts'
import type { Fence } from '../model/run.ts'
import type { BlockKind } from '../model/task.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { letIn } from './lock-out.ts'
import { type Moved, move } from './move.ts'

export interface Obstacle {
  readonly fence?: Fence | undefined
  readonly reason?: string | null | undefined
  readonly kind?: BlockKind
}

/** → blocked, for a person to answer. Throws `wrong_status` or `run_ended`. */
export function block(tx: Tx, id: string, obstacle: Obstacle): Promise<Moved> {
  const reason = obstacle.reason || null
  return move(tx, 'block', id, {
    fence: obstacle.fence,
    set: sql`, block_kind = ${obstacle.kind ?? 'needs_input'}`,
    close: { summary: reason },
    payload: reason === null ? {} : { reason: cut(firstLine(reason), 400) },
  })
}

/** Blocked → ready, or todo while a parent is open; forgets its failures. Throws `wrong_status`. */
export async function unblock(tx: Tx, id: string, reason?: string | null): Promise<Moved> {
  await letIn(tx, id)
  return move(tx, 'unblock', id, { payload: reason ? { reason: cut(reason, 400) } : {} })
}
