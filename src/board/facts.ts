/** What a board knows about itself, in its own file. */

import { randomHex } from '../lib/random.ts'
import { sql } from '../store/sql.ts'
import type { Reader, Tx } from '../store/store.ts'
import type { RowStep } from './upgrades/step.ts'

/** A random id of the file, by which another one in its place is noticed. Empty on a board that cannot be written. */
export async function identityOf(reader: Reader): Promise<string> {
  return (await fact(reader, 'identity')) ?? ''
}

export const identityStep: RowStep = {
  needed: async (reader) => (await fact(reader, 'identity')) === undefined,
  async apply(tx) {
    await tx.run(sql`
      insert into kanban_facts (name, value) values ('identity', ${randomHex(8)})
      on conflict do nothing`)
  },
}

/** The newest event that was forgotten: what happened up to it cannot be told from events any more. */
export async function forgottenUpTo(reader: Reader): Promise<number> {
  const told = Number((await fact(reader, 'forgotten_up_to')) ?? 0)
  const oldest = await reader.get<{ id: number | null }>(sql`select min(id) as id from task_events`)
  // Another program that forgets events does not say so; it begins with the oldest.
  return Math.max(Number.isFinite(told) ? told : 0, (oldest?.id ?? 1) - 1)
}

export async function forgetUpTo(tx: Tx, event: number): Promise<void> {
  if (event <= (await forgottenUpTo(tx))) return
  await setFact(tx, 'forgotten_up_to', String(event))
}

/** What the board says about itself under that name. */
export async function fact(reader: Reader, name: string): Promise<string | undefined> {
  const row = await reader.get<{ value: string }>(
    sql`select value from kanban_facts where name = ${name}`,
  )
  return row?.value
}

export async function setFact(tx: Tx, name: string, value: string): Promise<void> {
  await tx.run(sql`
    insert into kanban_facts (name, value) values (${name}, ${value})
    on conflict (name) do update set value = excluded.value`)
}
