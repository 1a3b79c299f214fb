import { cut } from '../lib/text.ts'
import { publicLock } from '../model/lock.ts'
import type { Fence } from '../model/run.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { type Moved, move } from './move.ts'

interface Claimant {
  readonly claim_lock: string | null
  readonly worker_pid: number | null
}

/** An operator takes a running task back; with a fence, only from that run. Throws `wrong_status` when nothing is claimed. */
export async function reclaim(
  tx: Tx,
  id: string,
  by: string,
  reason?: string | null,
  fence?: Fence,
): Promise<Moved> {
  const claimant = await tx.get<Claimant>(
    sql`select claim_lock, worker_pid from tasks where id = ${id}`,
  )
  const why = reason ? `manual_reclaim: ${reason}` : 'manual_reclaim'
  return move(tx, 'reclaim', id, {
    fence,
    close: { summary: `reclaimed by ${by}`, error: why },
    payload: {
      manual: true,
      reason: reason ? cut(reason, 400) : null,
      prev_lock: claimant?.claim_lock ? publicLock(claimant.claim_lock) : null,
      prev_pid: claimant?.worker_pid ?? null,
    },
  })
}

export interface Ended {
  readonly pid?: number | null
  readonly host_local: boolean
  readonly terminated: boolean
  readonly sigkill: boolean
}

/** Frees a task whose lease has passed. Returns false when it was renewed or freed meanwhile. */
export async function release(tx: Tx, id: string, run: number, ended: Ended): Promise<boolean> {
  const stale = await tx.get<{ claim_lock: string | null }>(sql`
    select claim_lock from tasks
    where id = ${id} and status = 'running' and current_run_id = ${run}
      and claim_expires <= ${tx.now}`)
  if (stale === undefined) return false
  const { claim_lock: lock } = stale
  await move(tx, 'release', id, {
    // Another program may have left a claim without one.
    fence: lock === null ? undefined : { run, lock },
    close: { summary: 'lease expired' },
    payload: { stale_lock: lock && publicLock(lock), ...ended },
  })
  return true
}
