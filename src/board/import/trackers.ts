/** Tasks of other trackers, made tasks of this board by the same verbs that people use. */

import { BoardError } from '../../model/error.ts'
import { parse } from '../../model/parse.ts'
import { newTask } from '../../model/task.ts'
import { anyOf, sql } from '../../store/sql.ts'
import type { Reader, Store, Tx } from '../../store/store.ts'
import { comment } from '../comment.ts'
import { complete } from '../complete.ts'
import { create } from '../create.ts'
import { link } from '../links.ts'
import { move } from '../move.ts'
import { type Link, withoutCircles } from './circles.ts'
import { createDraft, type Draft, type Note } from './report.ts'

/** What a file of another tracker says of one task. */
export interface Tracked {
  /** Its id there. */
  readonly key: string
  readonly title: string
  readonly body: string
  readonly assignee: string | null
  readonly priority: number
  readonly done: boolean
  /** What a done one is said to have come to. */
  readonly summary: string | null
  /** Ids there of what must be finished first. */
  readonly after: readonly string[]
  readonly comments: readonly { readonly author: string; readonly text: string }[]
}

/** What was found in the files of a tracker, and what of it could not be read. */
export interface Findings {
  readonly tracker: string
  readonly tasks: readonly Tracked[]
  readonly changed: readonly Remark[]
  readonly left: readonly Remark[]
}

export interface Remark {
  readonly what: string
  readonly why: string
}

export interface Taken {
  /** By their id there. */
  readonly tasks: Readonly<Record<string, string>>
  readonly links: number
  readonly comments: number
  readonly here: number
  readonly changed: readonly Note[]
  readonly left: readonly Note[]
}

export interface Manner {
  readonly by: string
  /** Lets open tasks out of triage at once. */
  readonly release: boolean
  /** Does all of it, tells what came of it, and undoes it. */
  readonly dryRun: boolean
}

/**
 * One unit of work. A task that was taken before is known by its key `<tracker>:<id>`, archived or
 * not, and left as it is; so taking again takes what is new.
 */
export async function takeTracked(store: Store, source: Findings, how: Manner): Promise<Taken> {
  const undone: { taken?: Taken } = {}
  try {
    return await store.write(async (tx) => {
      const taken = await takeAll(tx, source, how)
      if (!how.dryRun) return taken
      undone.taken = taken
      throw undone
    })
  } catch (error) {
    if (error === undone && undone.taken !== undefined) return undone.taken
    throw error
  }
}

async function takeAll(tx: Tx, source: Findings, how: Manner): Promise<Taken> {
  const draft = createDraft()
  for (const { what, why } of source.changed) draft.changed(what, why)
  for (const { what, why } of source.left) draft.left(what, why)
  const known = await taken(tx, source)
  const fresh: Record<string, string> = {}
  let comments = 0
  for (const task of source.tasks) {
    if (known.has(task.key)) {
      draft.wasHere()
      continue
    }
    const id = await take(tx, source, task, how, draft)
    if (id === undefined) continue
    known.set(task.key, id)
    fresh[task.key] = id
    comments += task.comments.length
  }
  const links = await linkAll(tx, source, known, fresh, draft)
  if (how.release) await releaseAll(tx, source, fresh)
  const { here, changed, left } = draft.report()
  return { tasks: fresh, links, comments, here, changed, left }
}

async function taken(reader: Reader, { tracker, tasks }: Findings): Promise<Map<string, string>> {
  const keys = tasks.map(({ key }) => `${tracker}:${key}`)
  const rows = await reader.all<{ id: string; idempotency_key: string }>(sql`
    select id, idempotency_key from tasks where idempotency_key in ${anyOf(keys)}`)
  return new Map(
    rows.map(({ id, idempotency_key: key }) => [key.slice(tracker.length + 1), id] as const),
  )
}

/** Parked, or done at once; what this board could not keep is left out with the reason. */
async function take(
  tx: Tx,
  { tracker }: Findings,
  task: Tracked,
  { by }: Manner,
  draft: Draft,
): Promise<string | undefined> {
  const { key, title, body, assignee, priority, done, summary, comments } = task
  try {
    const input = parse(
      newTask,
      { title, body, assignee, priority, triage: !done, idempotency_key: `${tracker}:${key}` },
      `take ${key}`,
    )
    const { id } = await create(tx, input, by)
    for (const { author, text } of comments) await comment(tx, id, author, text)
    if (done) await complete(tx, id, { summary: summary ?? `done in ${tracker}` })
    return id
  } catch (error) {
    if (!(error instanceof BoardError)) throw error
    draft.left(key, error.message)
    return undefined
  }
}

async function linkAll(
  tx: Tx,
  { tasks }: Findings,
  known: ReadonlyMap<string, string>,
  fresh: Readonly<Record<string, string>>,
  draft: Draft,
): Promise<number> {
  const wanted: Link[] = []
  for (const { key, after } of tasks) {
    const child = fresh[key]
    if (child === undefined) continue
    for (const before of after) {
      const parent = known.get(before)
      if (parent === undefined) draft.changed(key, `does not wait for ${before}, which is not here`)
      else wanted.push({ parent, child })
    }
  }
  const present = await tx.all<Link>(
    sql`select parent_id as parent, child_id as child from task_links`,
  )
  const possible = withoutCircles(present, wanted)
  for (const one of wanted) {
    if (possible.has(one)) await link(tx, one.parent, one.child)
    else draft.left(`${one.parent} -> ${one.child}`, 'the link would close a circle')
  }
  return possible.size
}

async function releaseAll(
  tx: Tx,
  { tasks }: Findings,
  fresh: Readonly<Record<string, string>>,
): Promise<void> {
  for (const { key, done } of tasks) {
    const id = fresh[key]
    if (id !== undefined && !done) await move(tx, 'specify', id)
  }
}
