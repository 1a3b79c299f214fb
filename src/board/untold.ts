/** What subscriptions have not been told, with what there is to say about it. */

import type { Event } from '../model/event.ts'
import { telling } from '../model/event.ts'
import { nothing, sql, words } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'
import { among } from './overview/only.ts'
import { type EventRow, eventColumns, eventOf } from './rows.ts'
import type { Place } from './subscriptions.ts'

/** Subscriptions that have something to be told, those of `tasks` or all; who waits longest first. */
export function untold(reader: Reader, tasks?: readonly string[]): Promise<Place[]> {
  const which = tasks === undefined ? nothing : sql`where ${among('task_id', tasks)}`
  return reader.all<Place>(sql`
    select task_id, platform, chat_id, thread_id from (
      select task_id, platform, chat_id, thread_id, (
        select min(event.id) from task_events event
        where event.task_id = sub.task_id and event.id > sub.last_event_id
          and event.kind in (${words(...telling)})) as next_event
      from kanban_notify_subs sub ${which}) pending
    where next_event is not null order by next_event`)
}

export interface Untold {
  readonly event: Event
  readonly task: {
    readonly id: string
    readonly title: string
    readonly status: string
    readonly assignee: string | null
    readonly tenant: string | null
    readonly priority: number
    readonly result: string | null
  }
  /** The run that the event is about. */
  readonly run: {
    readonly id: number
    readonly profile: string | null
    readonly outcome: string | null
    readonly summary: string | null
    readonly error: string | null
  } | null
  /** The event that it was told last. */
  readonly last: number
  /** Who tells the subscription, and until when nobody else does (unix seconds, by the database's clock). */
  readonly owner: string | null
  readonly owner_until: number
  readonly now: number
}

/** The next that a subscription is to be told; undefined when it is gone, or knows everything. */
export async function nextUntold(reader: Reader, of: Place): Promise<Untold | undefined> {
  const sub = await reader.get<{
    last: number
    owner: string | null
    owner_until: number | null
  }>(sql`
    select last_event_id as last, owner, owner_until from kanban_notify_subs
    where task_id = ${of.task_id} and platform = ${of.platform} and chat_id = ${of.chat_id}
      and thread_id = ${of.thread_id}`)
  if (sub === undefined) return undefined
  const row = await reader.get<EventRow>(sql`
    select ${eventColumns} from task_events
    where task_id = ${of.task_id} and id > ${sub.last} and kind in (${words(...telling)})
    order by id limit 1`)
  const task = await reader.get<Untold['task']>(sql`
    select id, title, status, assignee, tenant, coalesce(priority, 0) as priority, result
    from tasks where id = ${of.task_id}`)
  if (row === undefined || task === undefined) return undefined
  const event = eventOf(row)
  const run = await reader.get<NonNullable<Untold['run']>>(sql`
    select id, profile, outcome, summary, error from task_runs where id = ${event.run_id}`)
  return {
    event,
    task,
    run: run ?? null,
    last: sub.last,
    owner: sub.owner,
    owner_until: sub.owner_until ?? 0,
    now: reader.now,
  }
}
