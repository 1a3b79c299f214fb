/** What happened to a task, as rows: its runs, events, comments and neighbours. */

import type { Comment } from '../model/comment.ts'
import type { Event } from '../model/event.ts'
import type { Run } from '../model/run.ts'
import { sql, words } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'
import { doubtful } from './doubtful.ts'
import { type EventRow, eventColumns, eventOf, type RunRow, runColumns, runOf } from './rows.ts'

/** Oldest first. */
export async function runs(reader: Reader, task: string): Promise<Run[]> {
  const rows = await reader.all<RunRow>(
    sql`select ${runColumns} from task_runs where task_id = ${task} order by id`,
  )
  return rows.map(runOf)
}

export async function getRun(reader: Reader, id: number): Promise<Run | undefined> {
  const row = await reader.get<RunRow>(sql`select ${runColumns} from task_runs where id = ${id}`)
  return row === undefined ? undefined : runOf(row)
}

/** Oldest first. */
export function comments(reader: Reader, task: string): Promise<Comment[]> {
  return reader.all<Comment>(sql`
    select id, task_id, author, body, created_at from task_comments
    where task_id = ${task} order by id`)
}

/** The newest `limit`, oldest first. */
export async function events(reader: Reader, task: string, limit: number): Promise<Event[]> {
  const rows = await reader.all<EventRow>(sql`
    select ${eventColumns} from task_events where task_id = ${task} order by id desc limit ${limit}`)
  return rows.reverse().map(eventOf)
}

/** What is doubtful about what it hands over, oldest first. A completion, or an edit, settles what came before it. */
export async function doubts(reader: Reader, task: string): Promise<Event[]> {
  const rows = await reader.all<EventRow>(sql`
    select ${eventColumns} from task_events
    where task_id = ${task}
      and kind in (${words(...doubtful)})
      and id > (
        select coalesce(max(settled.id), 0) from task_events settled
        where settled.task_id = ${task} and settled.kind in ('completed', 'edited'))
    order by id`)
  return rows.map(eventOf)
}

/** What happened on the whole board after event `id`, in order, at most `limit`. */
export async function eventsAfter(reader: Reader, id: number, limit: number): Promise<Event[]> {
  const rows = await reader.all<EventRow>(sql`
    select ${eventColumns} from task_events where id > ${id} order by id limit ${limit}`)
  return rows.map(eventOf)
}

/** 0 on a board where nothing has happened. */
export async function latestEventId(reader: Reader): Promise<number> {
  const row = await reader.get<{ id: number | null }>(sql`select max(id) as id from task_events`)
  return row?.id ?? 0
}

export interface Neighbour {
  readonly id: string
  readonly title: string
  readonly status: string
  readonly assignee: string | null
}

export function parents(reader: Reader, task: string): Promise<Neighbour[]> {
  return reader.all<Neighbour>(sql`
    select parent.id, parent.title, parent.status, parent.assignee
    from task_links link join tasks parent on parent.id = link.parent_id
    where link.child_id = ${task} order by parent.created_at, parent.id`)
}

export function children(reader: Reader, task: string): Promise<Neighbour[]> {
  return reader.all<Neighbour>(sql`
    select child.id, child.title, child.status, child.assignee
    from task_links link join tasks child on child.id = link.child_id
    where link.parent_id = ${task} order by child.created_at, child.id`)
}

/** The summary of the newest run that has one. */
export async function latestSummary(reader: Reader, task: string): Promise<string | null> {
  const row = await reader.get<{ summary: string }>(sql`
    select summary from task_runs
    where task_id = ${task} and summary is not null order by id desc limit 1`)
  return row?.summary ?? null
}
