import { type Hold, holdScopes } from '../model/hold.ts'
import { nothing, type Sql, sql } from '../store/sql.ts'
import type { Reader, Tx } from '../store/store.ts'

/** A later hold on the same thing takes the place of the earlier one. */
export function hold(tx: Tx, what: Hold): Promise<void> {
  return put(tx, what, nothing)
}

/** As `hold`, unless one on the same thing ends later. */
export function holdAtLeast(tx: Tx, what: Hold): Promise<void> {
  return put(tx, what, sql`where kanban_holds.until < excluded.until`)
}

async function put(tx: Tx, what: Hold, replacing: Sql): Promise<void> {
  await tx.run(sql`
    insert into kanban_holds (scope, key, until, reason, by)
    values (${what.scope}, ${what.key}, ${what.until}, ${what.reason}, ${what.by})
    on conflict (scope, key) do update
      set until = excluded.until, reason = excluded.reason, by = excluded.by
      ${replacing}`)
}

/**
 * A hold on something that the machine of a run has found wrong with itself: on a server, which several
 * machines use, it holds that one alone.
 */
export async function holdThere(tx: Tx, run: number, what: Hold): Promise<void> {
  if (tx.dialect === 'sqlite') return hold(tx, what)
  const row = await tx.get<{ host: string | null }>(
    sql`select host from task_runs where id = ${run}`,
  )
  await hold(tx, { ...what, key: keyAt(what.key, row?.host ?? '') })
}

/** The key of a hold on something as it is on one machine; `host` is `<name>+<id of the installation>`. */
export function keyAt(key: string, host: string): string {
  return `${key}@${host.slice(host.lastIndexOf('+') + 1)}`
}

/** On every machine. Returns false when there was none. */
export async function unhold(tx: Tx, scope: Hold['scope'], key: string): Promise<boolean> {
  const there = `${key}@`
  const rows = await tx.run(sql`
    delete from kanban_holds
    where scope = ${scope} and (key = ${key} or substr(key, 1, ${there.length}) = ${there})`)
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
