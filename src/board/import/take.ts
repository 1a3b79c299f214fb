/** Takes what a source gives onto a board, all of it or nothing, and tells what became of it. */

import type { Reader, Store, Tx } from '../../store/store.ts'
import type { Entry, EntryType } from '../export/entries.ts'
import type { Row } from '../insert-rows.ts'
import { finish } from './finish.ts'
import { createDraft, type Report } from './report.ts'
import { insertAll, rowOf, strangersIn } from './rows.ts'
import type { Source, Untold } from './source.ts'
import { takeTasks } from './take-tasks.ts'
import { createTaking, type Taking } from './taking.ts'

/**
 * In one transaction, for a task must not be seen without the parents that it waits for, nor a part of
 * a board be taken for the whole: other writers wait 6 s for 100,000 tasks with 600,000 rows about them,
 * and are given up on after 30. A dry run keeps none waiting. Ids of tasks are kept: one that is here
 * already, from an earlier import, stays as it is, so that a repetition takes only what is new.
 */
export function take(
  store: Store,
  source: Source,
  { dryRun, onProgress }: Imports,
): Promise<Report> {
  const all = (reader: Reader, tx: Tx | undefined) => takeAll(reader, tx, source, onProgress)
  return dryRun ? store.read((reader) => all(reader, undefined)) : store.write((tx) => all(tx, tx))
}

export interface Imports {
  readonly dryRun: boolean
  /** Called now and then, with how many rows have been looked at. */
  readonly onProgress?: ((rows: number) => void) | undefined
}

async function takeAll(
  reader: Reader,
  tx: Tx | undefined,
  source: Source,
  onProgress: Imports['onProgress'],
): Promise<Report> {
  const draft = createDraft()
  const taking = createTaking(reader, tx, draft)
  let rows = 0
  for await (const some of source.entries()) {
    rows += some.length
    onProgress?.(rows)
    for (const [type, all] of Map.groupBy(some, (entry) => entry.type)) {
      await takeSome(taking, type, all)
    }
  }
  await finish(taking)
  return draft.report()
}

async function takeSome(
  taking: Taking,
  type: (Entry | Untold)['type'],
  some: readonly (Entry | Untold)[],
): Promise<void> {
  if (type === 'untold') {
    for (const { what, why } of some as readonly Untold[]) taking.draft.left(what, why)
    return
  }
  const entries = some as readonly Entry[]
  if (type === 'task') return takeTasks(taking, entries)
  if (type !== 'link') return takeAbout(taking, type, entries)
  for (const { parent_id, child_id } of entries) {
    taking.links.push({ parent: String(parent_id), child: String(child_id) })
  }
}

/** What is about a task goes where its task goes. */
async function takeAbout(
  taking: Taking,
  type: Exclude<EntryType, 'task' | 'link'>,
  entries: readonly Entry[],
): Promise<void> {
  const { reader, tx, draft, taken, here, runs, subscriptions } = taking
  const rows: Row[] = []
  const numbers: unknown[] = []
  for (const entry of entries) {
    const task = String(entry.task_id)
    if (here.has(task)) continue
    if (!taken.has(task)) {
      draft.left(`${type} of ${task}`, 'its task was not taken')
      continue
    }
    for (const column of strangersIn(entry)) draft.left(column, 'there is no such column here')
    const row = rowOf(entry, reader.now)
    rows.push(
      type === 'run' ? ended(row, reader.now) : type === 'event' ? retold(row, entry, taking) : row,
    )
    numbers.push(entry.id)
    draft.took(type)
  }
  if (type === 'subscription') subscriptions.push(...rows)
  else if (tx !== undefined) {
    const given = await insertAll(tx, type, rows)
    if (type === 'run') for (const [at, id] of given.entries()) runs.set(numbers[at], id)
  }
}

/** No process of it is any business of ours, whatever became of it. */
function ended(row: Row, now: number): Row {
  const outcome = row.outcome ?? 'reclaimed'
  const end = Math.max(Number(row.ended_at ?? now), Number(row.started_at))
  const isOpen = row.ended_at === null
  return {
    ...row,
    status: outcome === 'completed' ? 'done' : outcome,
    outcome,
    ended_at: end,
    summary: row.summary ?? (isOpen ? 'left behind in another installation' : null),
    exited_at: row.exited_at ?? end,
  }
}

/** The same event with the number that its run has here. */
function retold(row: Row, { run_id, payload }: Entry, { runs }: Taking): Row {
  const run = runs.get(run_id) ?? null
  const named = typeof payload === 'object' && payload !== null && 'run_id' in payload
  return {
    ...row,
    run_id: run,
    ...(named ? { payload: JSON.stringify({ ...payload, run_id: run }) } : {}),
  }
}
