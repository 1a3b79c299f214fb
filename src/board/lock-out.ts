import { cut, firstLine } from '../lib/text.ts'
import type { Fence } from '../model/run.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { errorLimit } from './fail.ts'
import { holdThere, unhold } from './holds.ts'
import { type Moved, move } from './move.ts'

/** Seconds for which a profile that is not logged in starts nothing else, unless somebody says that it is. */
const lockedOutSeconds = 900

const by = 'runner'

export interface LockOut {
  readonly fence: Fence
  readonly profile: string
  /** Which login is missing, and how it is made. */
  readonly reason: string
}

/** Running → blocked until somebody has logged its worker in. No failure of the task; its profile is on hold. */
export async function lockOut(tx: Tx, id: string, lockedOut: LockOut): Promise<Moved> {
  const { fence, profile, reason } = lockedOut
  const until = tx.now + lockedOutSeconds
  await holdThere(tx, fence.run, { scope: 'profile', key: profile, until, reason, by })
  const error = cut(reason, errorLimit)
  return move(tx, 'block', id, {
    fence,
    set: sql`, block_kind = 'login', last_failure_error = ${error}`,
    close: { summary: reason, error },
    payload: { reason: cut(firstLine(reason), 400) },
  })
}

/** Whoever lets such a task go on has logged in: the profile that could not may start again. To be called before it is moved. */
export async function letIn(tx: Tx, id: string): Promise<void> {
  const run = await tx.get<{ profile: string | null }>(sql`
    select run.profile from tasks join task_runs run on run.task_id = tasks.id
    where tasks.id = ${id} and tasks.block_kind = 'login'
    order by run.id desc limit 1`)
  if (run?.profile != null) await unhold(tx, 'profile', run.profile)
}
