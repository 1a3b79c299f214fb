import { sql } from '../../store/sql.ts'
import type { Tx } from '../../store/store.ts'
import type { Entry } from '../export/entries.ts'
import { insert, type Row, rowOf, strangersIn } from './rows.ts'
import type { Taking } from './taking.ts'

/** An id and the second in which it was made tell a task from any other. */
export async function takeTask(taking: Taking, entry: Entry): Promise<void> {
  const { tx, draft, taken, here } = taking
  const id = String(entry.id)
  const row = rowOf(entry, tx.now)
  const known = await tx.get<{ created_at: number }>(
    sql`select created_at from tasks where id = ${id}`,
  )
  if (known !== undefined && known.created_at === row.created_at) {
    if (!taken.has(id)) here.add(id)
    draft.wasHere()
    return
  }
  if (known !== undefined) {
    draft.left(id, 'another task has this id here')
    return
  }
  for (const column of strangersIn(entry)) draft.left(column, 'there is no such column here')
  await insert(tx, 'task', { ...row, ...unclaimed, ...(await changes(taking, entry, row)) })
  taken.add(id)
  draft.took('task')
}

const unclaimed = { claim_lock: null, claim_expires: null, worker_pid: null, current_run_id: null }

/** What cannot stay as it was. */
async function changes(taking: Taking, entry: Entry, row: Row): Promise<Row> {
  const { tx, draft, running } = taking
  const id = String(entry.id)
  const isRunning = row.status === 'running'
  const isKeyTaken = await keyIsTaken(tx, row)
  if (isRunning) {
    running.set(id, entry.current_run_id)
    draft.changed(
      id,
      'it was running; its worker belongs to another installation, so it waits again',
    )
  }
  if (isKeyTaken) {
    draft.changed(id, 'an open task here has its idempotency key, so it has none now')
  }
  return {
    ...(isRunning ? { status: 'ready' } : {}),
    ...(isKeyTaken ? { idempotency_key: null } : {}),
  }
}

async function keyIsTaken(tx: Tx, { idempotency_key = null, status }: Row): Promise<boolean> {
  if (idempotency_key === null || status === 'archived') return false
  const other = await tx.get(sql`
    select 1 from tasks where idempotency_key = ${idempotency_key} and status <> 'archived' limit 1`)
  return other !== undefined
}
