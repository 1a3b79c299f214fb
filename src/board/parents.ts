/** The one predicate of readiness, and what follows when its answer changes. */

import { type Status, satisfying } from '../model/status.ts'
import { anyOf, type Sql, sql, words } from '../store/sql.ts'
import type { Reader, Tx } from '../store/store.ts'
import { endStray } from './end-run.ts'
import { recordEach } from './record.ts'

/** True of a row of `tasks` while a parent of it does not satisfy. */
export const hasOpenParent: Sql = sql`exists (
  select 1 from task_links link join tasks parent on parent.id = link.parent_id
  where link.child_id = tasks.id and parent.status not in (${words(...satisfying)}))`

/** Where a task belongs that may run as soon as its parents allow. */
export const settled: Sql = sql`case when ${hasOpenParent} then 'todo' else 'ready' end`

/**
 * Hidden from the indexes: SQLite would rather walk all of todo than look up a few children by id
 * (5 ms instead of 0.1 ms when 10,000 tasks wait).
 */
const isTodo: Sql = sql`status || '' = 'todo'`
const isReady: Sql = sql`status || '' = 'ready'`

export interface Parent {
  readonly id: string
  readonly title: string
  readonly status: Status
}

export function openParents(reader: Reader, id: string): Promise<Parent[]> {
  return reader.all<Parent>(sql`
    select parent.id, parent.title, parent.status
    from task_links link join tasks parent on parent.id = link.parent_id
    where link.child_id = ${id} and parent.status not in (${words(...satisfying)})
    order by parent.created_at, parent.id`)
}

/** To be called whenever `parent` has come to satisfy. Returns how many children became ready. */
export function promoteChildren(tx: Tx, parent: string): Promise<number> {
  return promote(
    tx,
    sql`task_links made join tasks on tasks.id = made.child_id where made.parent_id = ${parent}`,
  )
}

/**
 * Promotes those that wait for nothing more. `which` is what follows `from`: `tasks`, perhaps joined,
 * and a condition. Set-based, for a parent may have 500 children.
 */
export async function promote(tx: Tx, which: Sql): Promise<number> {
  // Mostly there are none, and to ask is cheaper than to set out for an update.
  const free = await tx.all<AtRest>(sql`
    select tasks.id, current_run_id from ${which} and ${isTodo} and not ${hasOpenParent}`)
  if (free.length === 0) return 0
  const ready = ids(free)
  await tx.run(sql`update tasks set status = 'ready' where id in ${anyOf(ready)}`)
  await endStrays(tx, free, 'todo')
  await recordEach(tx, ready, 'promoted')
  return ready.length
}

/** To be called whenever `parent` no longer satisfies. */
export async function demoteChildren(tx: Tx, parent: string, reason: string): Promise<void> {
  const waiting = await tx.all<AtRest>(sql`
    update tasks set status = 'todo'
    where id in (select child_id from task_links where parent_id = ${parent}) and ${isReady}
    returning id, current_run_id`)
  await endStrays(tx, waiting, 'ready')
  await recordEach(tx, ids(waiting), 'status', { status: 'todo', reason, parent })
}

/** A ready child that has just been given an open parent waits for it. */
export async function demoteChild(tx: Tx, child: string, parent: string): Promise<void> {
  const waiting = await tx.all<AtRest>(sql`
    update tasks set status = 'todo'
    where id = ${child} and status = 'ready' and ${hasOpenParent}
    returning id, current_run_id`)
  await endStrays(tx, waiting, 'ready')
  await recordEach(tx, ids(waiting), 'status', { status: 'todo', reason: 'linked', parent })
}

interface AtRest {
  readonly id: string
  readonly current_run_id: number | null
}

async function endStrays(tx: Tx, tasks: readonly AtRest[], was: Status): Promise<void> {
  for (const { id, current_run_id: run } of tasks) {
    if (run !== null) await endStray(tx, id, run, was)
  }
}

function ids(tasks: readonly { readonly id: string }[]): string[] {
  return tasks.map((task) => task.id)
}
