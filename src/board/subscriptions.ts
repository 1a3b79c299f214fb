/** Who is told about a task, and how far they have been told. */

import type { Event } from '../model/event.ts'
import { sql } from '../store/sql.ts'
import type { Reader, Tx } from '../store/store.ts'
import { latestEventId } from './history.ts'
import { notFound } from './move.ts'
import { type EventRow, eventColumns, eventOf } from './rows.ts'

/** A place in a chat; without a thread the empty text. */
export interface Place {
  readonly task_id: string
  readonly platform: string
  readonly chat_id: string
  readonly thread_id: string
}

export interface Subscription extends Place {
  readonly user_id: string | null
  readonly created_at: number
  /** The newest event that was sent. */
  readonly last_event_id: number
  readonly send_failures: number
}

const columns = sql`task_id, platform, chat_id, thread_id, user_id, created_at, last_event_id,
  coalesce(send_failures, 0) as send_failures`

function at({ task_id, platform, chat_id, thread_id }: Place) {
  return sql`task_id = ${task_id} and platform = ${platform} and chat_id = ${chat_id}
    and thread_id = ${thread_id}`
}

/** Begins with what happens next: history is not replayed. Returns false when it is subscribed already. */
export async function subscribe(tx: Tx, place: Place, user: string | null): Promise<boolean> {
  const task = await tx.get(sql`select 1 from tasks where id = ${place.task_id}`)
  if (task === undefined) throw notFound(place.task_id)
  const rows = await tx.run(sql`
    insert into kanban_notify_subs (task_id, platform, chat_id, thread_id, user_id, created_at, last_event_id)
    values (${place.task_id}, ${place.platform}, ${place.chat_id}, ${place.thread_id}, ${user},
      ${tx.now}, ${await latestEventId(tx)})
    on conflict do nothing`)
  return rows > 0
}

/** Returns false when there was none. */
export async function unsubscribe(tx: Tx, place: Place): Promise<boolean> {
  return (await tx.run(sql`delete from kanban_notify_subs where ${at(place)}`)) > 0
}

/** Of one task, or all. */
export function subscriptions(reader: Reader, task?: string): Promise<Subscription[]> {
  const which = task === undefined ? sql`1 = 1` : sql`task_id = ${task}`
  return reader.all<Subscription>(sql`
    select ${columns} from kanban_notify_subs where ${which}
    order by task_id, platform, chat_id, thread_id`)
}

/** What a subscription has not been told yet, in order. */
export async function unseen(reader: Reader, of: Subscription, limit: number): Promise<Event[]> {
  const rows = await reader.all<EventRow>(sql`
    select ${eventColumns} from task_events
    where task_id = ${of.task_id} and id > ${of.last_event_id} order by id limit ${limit}`)
  return rows.map(eventOf)
}

/** The event was sent: never goes back. */
export async function advance(tx: Tx, place: Place, event: number): Promise<void> {
  await tx.run(sql`
    update kanban_notify_subs set last_event_id = ${event}, send_failures = 0
    where ${at(place)} and last_event_id < ${event}`)
}
