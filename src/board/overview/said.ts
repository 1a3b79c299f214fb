/** What was said about each card: counts, and the newest of each kind. By id; of `only` these, else of all. */

import { cut, oneLine } from '../../lib/text.ts'
import type { Card } from '../../model/card.ts'
import { sql, words } from '../../store/sql.ts'
import type { Reader } from '../../store/store.ts'
import { doubtful } from '../doubtful.ts'
import { lifecycle, type Move } from '../lifecycle.ts'
import { objectIn } from '../rows.ts'
import { among, isIn, type Only } from './only.ts'

/** The events of all rows of the lifecycle table that end in one of those statuses. */
const movingKinds = Object.values<Move>(lifecycle)
  .filter(({ to }) => !['triage', 'done', 'archived'].includes(to))
  .map(({ event }) => event)
const [firstKind = 'status', ...otherKinds] = new Set(movingKinds)

/** Begins the comment that a block leaves with its question. */
export const questionMark = 'BLOCKED: '

/** Bytes of a line on a card. */
const longest = 400

export async function commentCounts(reader: Reader, only: Only): Promise<Map<string, number>> {
  const rows = await reader.all<{ task_id: string; count: number }>(sql`
    select task_id, count(*) as count from task_comments
    where ${among('task_id', only)} group by task_id`)
  return new Map(rows.map(({ task_id, count }) => [task_id, count]))
}

/** The beginning of the summary of the newest run that has one. Of no bytes at all SQLite's beginning is null. */
export async function latestSummaries(reader: Reader, only: Only): Promise<Map<string, string>> {
  const rows = await reader.all<{ task_id: string; summary: string }>(sql`
    select task_id, coalesce(substr(summary, 1, 1000), '') as summary from task_runs where id in (
      select max(id) from task_runs
      where summary is not null and ${among('task_id', only)} group by task_id)`)
  return new Map(rows.map(({ task_id, summary }) => [task_id, line(summary)]))
}

/** What is doubtful about hand-offs. A completion, or an edit, settles what came before it. */
export async function warnings(reader: Reader, only: Only): Promise<Map<string, Card['warnings']>> {
  const rows = await reader.all<{ task_id: string; kind: string; created_at: number }>(sql`
    select task_id, kind, created_at from task_events doubt
    where kind in (${words(...doubtful)})
      and ${among('task_id', only)}
      and not exists (
        select 1 from task_events later where later.task_id = doubt.task_id
          and later.id > doubt.id and later.kind in ('completed', 'edited'))
    order by id`)
  const found = new Map<string, Card['warnings']>()
  for (const { task_id, kind, created_at } of rows) {
    const before = found.get(task_id)
    const kinds = new Set(before?.kinds).add(kind)
    found.set(task_id, {
      count: (before?.count ?? 0) + 1,
      kinds: [...kinds],
      latest_at: created_at,
    })
  }
  return found
}

/** The newest note of the run that is under way. */
export async function notes(reader: Reader, only: Only): Promise<Map<string, string>> {
  const rows = await reader.all<{ task_id: string; payload: string }>(sql`
    select task_id, payload from task_events where id in (
      select max(beat.id)
      from (select id, current_run_id from tasks where ${isIn('running', only)}) task
        join task_events beat on beat.task_id = task.id and beat.run_id = task.current_run_id
      where beat.kind = 'heartbeat' and beat.payload is not null
      group by task.id)`)
  const said = rows.map(({ task_id, payload }) => [task_id, objectIn(payload)?.note] as const)
  return new Map(said.flatMap(([id, note]) => (typeof note === 'string' ? [[id, line(note)]] : [])))
}

/** When each task that is not over came to its status; one that is not named is there since it was made. */
export async function arrivals(reader: Reader, only: Only): Promise<Map<string, number>> {
  const rows = await reader.all<{ task_id: string; at: number }>(sql`
    select moved.task_id, max(moved.created_at) as at
    from (select id from tasks
        where status in ('todo', 'ready', 'running', 'blocked') and ${among('id', only)}) task
      join task_events moved on moved.task_id = task.id
    where moved.kind in (${words(firstKind, ...otherKinds)})
    group by moved.task_id`)
  return new Map(rows.map(({ task_id, at }) => [task_id, at]))
}

/** What blocked tasks want to know, and who asks: the newest comment that a block has left. */
export async function questions(
  reader: Reader,
  only: Only,
): Promise<Map<string, { readonly by: string; readonly text: string }>> {
  const rows = await reader.all<{ task_id: string; author: string; body: string }>(sql`
    select task_id, author, coalesce(substr(body, 1, 1000), '') as body from task_comments where id in (
      select max(said.id)
      from (select id from tasks where ${isIn('blocked', only)}) task
        join task_comments said on said.task_id = task.id
      where said.body like ${`${questionMark}%`}
      group by task.id)`)
  return new Map(
    rows.map(({ task_id, author, body }) => [
      task_id,
      { by: author, text: body.slice(questionMark.length) },
    ]),
  )
}

function line(text: string): string {
  return cut(oneLine(text), longest)
}
