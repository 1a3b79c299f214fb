/** Who is told about a task, and how far they have been told. */

import { type Event, telling } from '../model/event.ts'
import { satisfying } from '../model/status.ts'
import { sql, words } from '../store/sql.ts'
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

/** How long whoever tells a subscription is its owner, in seconds, unless it tells something again. */
const ownedFor = 60

/**
 * Makes `owner` the one that tells it what comes after event `last`, and no other until that lapses. Returns
 * false while another is, or when it has been told more since: of several gateways on one board one sends.
 */
export async function own(tx: Tx, place: Place, owner: string, last: number): Promise<boolean> {
  const rows = await tx.run(sql`
    update kanban_notify_subs set owner = ${owner}, owner_until = ${tx.now + ownedFor}
    where ${at(place)} and last_event_id = ${last} and (owner is null or owner = ${owner} or coalesce(owner_until, 0) < ${tx.now})`)
  return rows > 0
}

/** Lets others tell it. */
export async function disown(tx: Tx, place: Place, owner: string): Promise<void> {
  await tx.run(sql`
    update kanban_notify_subs set owner = null, owner_until = null
    where ${at(place)} and owner = ${owner}`)
}

/** As `advance`, by its owner, who stays it. It ends with its task, once there is nothing left to tell. */
export async function toldBy(tx: Tx, place: Place, event: number, owner: string): Promise<void> {
  await advance(tx, place, event)
  await own(tx, place, owner, event)
  await endWithTask(tx, place, event)
}

/** Past an event that nobody is told about. */
export async function pass(tx: Tx, place: Place, event: number): Promise<void> {
  await advance(tx, place, event)
  await endWithTask(tx, place, event)
}

async function endWithTask(tx: Tx, place: Place, event: number): Promise<void> {
  await tx.run(sql`
    delete from kanban_notify_subs
    where ${at(place)}
      and exists (select 1 from tasks where id = ${place.task_id} and status in (${words(...satisfying)}))
      and not exists (
        select 1 from task_events
        where task_id = ${place.task_id} and id > ${event} and kind in (${words(...telling)}))`)
}

/** A message was refused. Returns how many were in a row. */
export async function refused(tx: Tx, place: Place): Promise<number> {
  await tx.run(sql`
    update kanban_notify_subs set send_failures = coalesce(send_failures, 0) + 1 where ${at(place)}`)
  const row = await tx.get<{ send_failures: number }>(
    sql`select send_failures from kanban_notify_subs where ${at(place)}`,
  )
  return row?.send_failures ?? 0
}
