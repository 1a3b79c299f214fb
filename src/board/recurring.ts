/** Tasks that the clock makes: when the next of each is due, and that it is made once. */

import type { NewTask } from '../model/task.ts'
import { anyOf, sql } from '../store/sql.ts'
import type { Reader, Tx } from '../store/store.ts'
import { create } from './create.ts'

/** By name: when the next one is due. */
export async function dueTimes(reader: Reader): Promise<Map<string, number>> {
  const rows = await reader.all<{ name: string; next_at: number }>(
    sql`select name, next_at from kanban_recurring`,
  )
  return new Map(rows.map((row) => [row.name, row.next_at]))
}

/** From here on the next one is due at `next`. */
export async function setDue(tx: Tx, name: string, next: number): Promise<void> {
  await tx.run(sql`
    insert into kanban_recurring (name, next_at) values (${name}, ${next})
    on conflict (name) do update set next_at = excluded.next_at`)
}

/** Forgets all but these: one that comes back begins anew. */
export async function keepDue(tx: Tx, names: readonly string[]): Promise<void> {
  await tx.run(sql`delete from kanban_recurring where name not in ${anyOf(names)}`)
}

/** Whether the one that was due at `due` has been made, though it may have been archived since. */
export async function wasMade(reader: Reader, name: string, due: number): Promise<boolean> {
  const key = keyOf(name, due)
  return (await reader.get(sql`select 1 from tasks where idempotency_key = ${key}`)) !== undefined
}

/** Makes the one that is due at `due`; returns its id. Throws as `create` does. */
export async function createDue(tx: Tx, name: string, due: number, task: NewTask): Promise<string> {
  const { id } = await create(tx, { ...task, idempotency_key: keyOf(name, due) }, 'recurring')
  return id
}

function keyOf(name: string, due: number): string {
  return `${name}@${new Date(due * 1000).toISOString().replace('.000', '')}`
}
