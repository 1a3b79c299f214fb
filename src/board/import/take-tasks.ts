import { anyOf, sql } from '../../store/sql.ts'
import type { Reader } from '../../store/store.ts'
import type { Entry } from '../export/entries.ts'
import type { Row } from '../insert-rows.ts'
import { insertAll, rowOf, strangersIn } from './rows.ts'
import type { Taking } from './taking.ts'

/** An id and the second in which it was made tell a task from any other. */
export async function takeTasks(taking: Taking, entries: readonly Entry[]): Promise<void> {
  const { reader, tx, draft, taken, here } = taking
  const rows = entries.map((entry) => rowOf(entry, reader.now))
  const known = await madeAt(reader, rows)
  await findKeys(taking, rows)
  const fresh: Row[] = []
  for (const [at, entry] of entries.entries()) {
    const row = rows[at] as Row
    const id = String(row.id)
    const made = taken.has(id) ? row.created_at : known.get(id)
    if (made !== undefined && made === row.created_at) {
      if (!taken.has(id)) here.add(id)
      draft.wasHere()
    } else if (made !== undefined) {
      draft.left(id, 'another task has this id here')
    } else {
      for (const column of strangersIn(entry)) draft.left(column, 'there is no such column here')
      fresh.push({ ...row, ...unclaimed, ...changes(taking, entry, row) })
      taken.add(id)
      draft.took('task')
    }
  }
  if (tx !== undefined) await insertAll(tx, 'task', fresh)
}

const unclaimed = { claim_lock: null, claim_expires: null, worker_pid: null, current_run_id: null }

/** Those that are here, by id: when they were made. */
async function madeAt(reader: Reader, rows: readonly Row[]): Promise<Map<string, number>> {
  const found = await reader.all<{ id: string; created_at: number }>(
    sql`select id, created_at from tasks where id in ${anyOf(rows.map(({ id }) => String(id)))}`,
  )
  return new Map(found.map(({ id, created_at }) => [id, created_at]))
}

/** Which of their idempotency keys open tasks have here. */
async function findKeys({ reader, keys }: Taking, rows: readonly Row[]): Promise<void> {
  const own = rows.flatMap(({ idempotency_key: key }) => (key == null ? [] : [String(key)]))
  if (own.length === 0) return
  const found = await reader.all<{ idempotency_key: string }>(sql`
    select idempotency_key from tasks
    where idempotency_key in ${anyOf(own)} and status <> 'archived'`)
  for (const { idempotency_key: key } of found) keys.add(key)
}

/** What cannot stay as it was. */
function changes({ draft, running, keys }: Taking, entry: Entry, row: Row): Row {
  const id = String(row.id)
  const { idempotency_key: key = null, status } = row
  const isOpen = key !== null && status !== 'archived'
  const isKeyTaken = isOpen && keys.has(String(key))
  if (isOpen) keys.add(String(key))
  if (status === 'running') {
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
    ...(status === 'running' ? { status: 'ready' } : {}),
    ...(isKeyTaken ? { idempotency_key: null } : {}),
  }
}
