import { anyOf, sql } from '../../store/sql.ts'
import type { Tx } from '../../store/store.ts'
import { latestEventId } from '../history.ts'
import { hasOpenParent, promote } from '../parents.ts'
import { record, recordEach } from '../record.ts'
import { type Link, withoutCircles } from './circles.ts'
import { insertAll } from './rows.ts'
import type { Taking } from './taking.ts'

/** What can only be done once every task is there. */
export async function finish(taking: Taking): Promise<void> {
  const links = await linksToTake(taking)
  if (taking.tx === undefined) return
  await insertAll(
    taking.tx,
    'link',
    links.map(({ parent, child }) => ({ parent_id: parent, child_id: child })),
  )
  await reclaimRunning(taking.tx, taking)
  await settle(
    taking.tx,
    taking,
    links.map((link) => link.child),
  )
  await subscribe(taking.tx, taking)
}

/** One between tasks that were here already is theirs to change. */
async function linksToTake({ reader, draft, taken, here, links }: Taking): Promise<Link[]> {
  const ours = (id: string) => taken.has(id) || here.has(id)
  const [known, dangling] = partition(links, (link) => ours(link.parent) && ours(link.child))
  for (const link of dangling) draft.left(told(link), 'one of its tasks was not taken')
  const fresh = known.filter((link) => taken.has(link.parent) || taken.has(link.child))
  const present = await reader.all<Link>(
    sql`select parent_id as parent, child_id as child from task_links`,
  )
  const straight = withoutCircles(present, fresh)
  const [fine, closing] = partition(fresh, (link) => straight.has(link))
  for (const link of closing) draft.left(told(link), 'it would close a circle')
  for (const _ of fine) draft.took('link')
  return fine
}

function partition<T>(all: readonly T[], isIn: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isIn), all.filter((one) => !isIn(one))]
}

function told({ parent, child }: Link): string {
  return `${parent} -> ${child}`
}

async function reclaimRunning(tx: Tx, { running, runs }: Taking): Promise<void> {
  for (const [id, run] of running) {
    await record(tx, id, 'reclaimed', { reason: 'imported' }, runs.get(run) ?? null)
  }
}

/** What was left out, and what was running, may have changed who waits for whom. */
async function settle(tx: Tx, { taken }: Taking, children: readonly string[]): Promise<void> {
  const touched = [...new Set([...taken, ...children])]
  const held = await tx.all<{ id: string }>(sql`
    update tasks set status = 'todo'
    where id in ${anyOf(touched)} and status || '' = 'ready' and ${hasOpenParent}
    returning id`)
  const ids = held.map(({ id }) => id)
  await recordEach(tx, ids, 'status', { status: 'todo', reason: 'imported' })
  await promote(tx, sql`tasks where id in ${anyOf(touched)}`)
}

/** From now on: nobody is told what happened elsewhere. */
async function subscribe(tx: Tx, { subscriptions }: Taking): Promise<void> {
  const latest = await latestEventId(tx)
  await insertAll(
    tx,
    'subscription',
    subscriptions.map((row) => ({ ...row, last_event_id: latest, send_failures: 0 })),
  )
}
