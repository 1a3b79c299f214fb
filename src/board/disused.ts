import { satisfying } from '../model/status.ts'
import { nothing, sql, words } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'
import { isAtWork } from './claim.ts'
import { isHere } from './here.ts'
import { among } from './overview/only.ts'

/** A task that is put away and that nothing still open came from: its workspace is of use to nobody. */
export interface Disused {
  readonly id: string
  readonly workspace_kind: string
  /** The latest run that a machine of ours may have worked in; 0 when there was none. */
  readonly run: number
  /** Where that run worked. */
  readonly workspace: string | null
}

/** All there are, or `id` if it is one. What a run on another host worked in, is for that host to remove. */
export function disused(reader: Reader, here: string, id?: string): Promise<Disused[]> {
  return reader.all<Disused>(sql`
    select task.id as id, task.workspace_kind as workspace_kind, coalesce(run.id, 0) as run,
      run.workspace as workspace
    from tasks task left join task_runs run
      on run.id = (select max(own.id) from task_runs own where own.task_id = task.id
        and own.workspace is not null and (own.host is null or ${isHere('own', here)}))
    where task.status = 'archived' and task.workspace_kind in ('scratch', 'worktree')
      and not exists (
        select 1 from task_links link join tasks child on child.id = link.child_id
        where link.parent_id = task.id and child.status not in (${words(...satisfying)}))
      and not exists (
        select 1 from task_runs earlier
        where earlier.task_id = task.id and ${isAtWork(reader, here)})
      ${id === undefined ? nothing : sql`and task.id = ${id}`}
    order by task.id`)
}

/** Those of `ids` that were tasks of this board and have been deleted: nothing but an event says so. */
export async function deletedAmong(reader: Reader, ids: readonly string[]): Promise<string[]> {
  const rows = await reader.all<{ id: string }>(sql`
    select distinct task_id as id from task_events
    where ${among('task_id', ids)} and kind = 'deleted'
      and not exists (select 1 from tasks where tasks.id = task_events.task_id)
    order by id`)
  return rows.map(({ id }) => id)
}

/** The task that is still open and is to work in that folder, or below it, because its own path says so. */
export async function wanting(reader: Reader, folder: string): Promise<string | undefined> {
  const below = `${folder}/`
  const task = await reader.get<{ id: string }>(sql`
    select id from tasks where status not in (${words(...satisfying)})
      and (workspace_path = ${folder} or substr(workspace_path, 1, ${below.length}) = ${below})
    limit 1`)
  return task?.id
}

/** Tasks whose runs may still write into their logs: neither done nor put away. */
export async function openTasks(reader: Reader): Promise<Set<string>> {
  const rows = await reader.all<{ id: string }>(
    sql`select id from tasks where status not in (${words(...satisfying)})`,
  )
  return new Set(rows.map((row) => row.id))
}

/** Whether the run is closed and without a process; undefined where this board has none like it. */
export async function isOver(
  reader: Reader,
  task: string,
  run: number,
): Promise<boolean | undefined> {
  const row = await reader.get<{ live: number }>(sql`
    select case when ended_at is null or (runner_pid is not null and exited_at is null)
      then 1 else 0 end as live
    from task_runs where id = ${run} and task_id = ${task}`)
  return row === undefined ? undefined : row.live === 0
}
