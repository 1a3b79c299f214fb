/** What the predicate is asked about, from one snapshot of a board. */

import { isAtWork } from '../board/claim.ts'
import { anyOf, type Sql, sql } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'
import type { Candidate } from './admit.ts'
import { machineOf } from './host.ts'

export interface Ready extends Candidate {
  readonly priority: number
  readonly created_at: number
  readonly workspace_kind: string
  readonly workspace_path: string | null
}

function readyColumns(at: Reader, here: string): Sql {
  return sql`id, assignee, host, not_before, claim_lock, priority, created_at, workspace_kind, workspace_path,
    consecutive_failures, last_failure_error, max_retries,
    (select max(earlier.id) from task_runs earlier
      where earlier.task_id = tasks.id and ${isAtWork(at, here)}) as ending_run`
}

/** Ready tasks of these assignees ("": of nobody) that are not for another machine, in dispatch order, from the `offset`th on. */
export function readyTasks(
  reader: Reader,
  here: string,
  assignees: readonly string[],
  limit: number,
  offset: number,
): Promise<Ready[]> {
  return reader.all<Ready>(sql`
    select ${readyColumns(reader, here)} from tasks
    where status = 'ready' and coalesce(assignee, '') in ${anyOf(assignees)}
      and (host is null or host = ${machineOf(here)})
    order by priority desc, created_at, id limit ${limit} offset ${offset}`)
}

/** How many of these assignees wait for other machines: those are not looked at one by one. */
export async function countElsewhere(
  reader: Reader,
  here: string,
  assignees: readonly string[],
): Promise<number> {
  const row = await reader.get<{ count: number }>(sql`
    select count(*) as count from tasks
    where status = 'ready' and coalesce(assignee, '') in ${anyOf(assignees)}
      and host is not null and host <> ${machineOf(here)}`)
  return row?.count ?? 0
}

export function readyTask(reader: Reader, here: string, id: string): Promise<Ready | undefined> {
  return reader.get<Ready>(
    sql`select ${readyColumns(reader, here)} from tasks where id = ${id} and status = 'ready'`,
  )
}

/** How many ready tasks each assignee has; of nobody under "". Answered by the dispatch index alone. */
export async function readyCounts(reader: Reader): Promise<Map<string, number>> {
  const rows = await reader.all<{ assignee: string | null; count: number }>(
    sql`select assignee, count(*) as count from tasks where status = 'ready' group by assignee`,
  )
  return new Map(rows.map((row) => [row.assignee ?? '', row.count]))
}

/** The first ready tasks of these assignees, for a report that a person reads. */
export async function firstReady(
  reader: Reader,
  assignees: readonly string[],
  limit: number,
): Promise<string[]> {
  const rows = await reader.all<{ id: string }>(sql`
    select id from tasks where status = 'ready' and coalesce(assignee, '') in ${anyOf(assignees)}
    order by priority desc, created_at, id limit ${limit}`)
  return rows.map((row) => row.id)
}

/** By task: the latest of its earlier runs that still has a process. Few have one, and an index knows which. */
export async function endingRuns(reader: Reader, here: string): Promise<Map<string, number>> {
  const rows = await reader.all<{ task_id: string; run: number }>(sql`
    select task_id, max(id) as run from task_runs earlier where ${isAtWork(reader, here)}
    group by task_id`)
  return new Map(rows.map(({ task_id, run }) => [task_id, run]))
}
