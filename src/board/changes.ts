import { sql } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'
import { forgottenUpTo } from './facts.ts'
import { latestEventId } from './history.ts'
import { lifecycle } from './lifecycle.ts'
import { among, isIn } from './overview/only.ts'

/** Beyond so many tasks, or events about them, the whole board is the shorter answer. */
const most = { tasks: 1000, events: 20_000 } as const

/** Events after which a task may stand elsewhere, so that its children wait for something else. */
const moves: ReadonlySet<string> = new Set([
  'created',
  ...Object.values(lifecycle).map(({ event }) => event),
])

export interface Changes {
  /** Tasks with an event after `since`, those that are gone included. */
  readonly changed: readonly string[]
  /** Of those the parents, whose progress they are, and the children that wait for them. */
  readonly touched: readonly string[]
}

/**
 * Which cards look otherwise than at event `since`. Undefined where events do not tell any more: some
 * after it are forgotten, it never was, or there are too many.
 */
export async function changesSince(reader: Reader, since: number): Promise<Changes | undefined> {
  if (since > (await latestEventId(reader))) return undefined
  if (since < (await forgottenUpTo(reader))) return undefined
  const events = await reader.all<{ task_id: string; kind: string }>(sql`
    select task_id, kind from task_events
    where id > ${since} order by id limit ${most.events + 1}`)
  const changed = [...new Set(events.map(({ task_id }) => task_id))]
  if (events.length > most.events || changed.length > most.tasks) return undefined
  const moved = [
    ...new Set(events.filter(({ kind }) => moves.has(kind)).map(({ task_id }) => task_id)),
  ]
  const parents = await reader.all<{ id: string }>(
    sql`select parent_id as id from task_links where ${among('child_id', changed)}`,
  )
  const links = await reader.all<{ id: string }>(
    sql`select child_id as id from task_links where ${among('parent_id', moved)}`,
  )
  const below = links.map(({ id }) => id)
  // Not joined to the links: PostgreSQL would walk all tasks to find these.
  const children = await reader.all<{ id: string }>(
    sql`select id from tasks where ${isIn('todo', below)}`,
  )
  const known = new Set(changed)
  const around = new Set([...parents, ...children].map(({ id }) => id))
  return { changed, touched: [...around].filter((id) => !known.has(id)) }
}
