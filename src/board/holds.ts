import { type Hold, holdScopes } from '../model/hold.ts'
import { sql } from '../store/sql.ts'
import type { Reader, Tx } from '../store/store.ts'

/** A later hold on the same thing takes the place of the earlier one. */
export async function hold(tx: Tx, what: Hold): Promise<void> {
  await tx.run(sql`
    insert into kanban_holds (scope, key, until, reason, by)
    values (${what.scope}, ${what.key}, ${what.until}, ${what.reason}, ${what.by})
    on conflict (scope, key) do update
      set until = excluded.until, reason = excluded.reason, by = excluded.by`)
}

/** Returns false when there was none. */
export async function unhold(tx: Tx, scope: Hold['scope'], key: string): Promise<boolean> {
  const rows = await tx.run(sql`delete from kanban_holds where scope = ${scope} and key = ${key}`)
  return rows > 0
}

/** Those that are in force. */
export async function holds(reader: Reader): Promise<Hold[]> {
  const all = await reader.all<Hold>(sql`
    select scope, key, until, reason, by from kanban_holds
    where until is null or until > ${reader.now}
    order by scope, key`)
  return all.filter((one) => holdScopes.includes(one.scope))
}
