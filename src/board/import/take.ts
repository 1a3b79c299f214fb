/** Takes what a source gives onto a board, all of it or nothing, and tells what became of it. */

import type { Store, Tx } from '../../store/store.ts'
import type { Entry } from '../export/entries.ts'
import { finish } from './finish.ts'
import { createDraft, type Draft, type Report } from './report.ts'
import { insert, type Row, rowOf, strangersIn } from './rows.ts'
import type { Source } from './source.ts'
import { takeTask } from './take-task.ts'
import { createTaking, type Taking } from './taking.ts'

/**
 * In one transaction, for a task must not be seen without the parents that it waits for. A dry run
 * does the very same and takes it back. Ids of tasks are kept: one that is here already, from an
 * earlier import, stays as it is, so that a repetition takes only what is new.
 */
export async function take(store: Store, source: Source, dryRun: boolean): Promise<Report> {
  const draft = createDraft()
  try {
    await store.write(async (tx) => {
      await takeAll(tx, source, draft)
      if (dryRun) throw new DryRun()
    })
  } catch (error) {
    if (!(error instanceof DryRun)) throw error
  }
  return draft.report()
}

/** Rolls back what has been tried. */
class DryRun extends Error {}

async function takeAll(tx: Tx, source: Source, draft: Draft): Promise<void> {
  const taking = createTaking(tx, draft)
  for await (const some of source.entries()) {
    for (const entry of some) {
      if (entry.type === 'untold') draft.left(entry.what, entry.why)
      else await takeEntry(taking, entry)
    }
  }
  await finish(taking)
}

async function takeEntry(taking: Taking, entry: Entry): Promise<void> {
  switch (entry.type) {
    case 'task':
      return takeTask(taking, entry)
    case 'link':
      taking.links.push({ parent: String(entry.parent_id), child: String(entry.child_id) })
      return
    default:
      return takeAbout(taking, entry)
  }
}

/** What is about a task goes where its task goes. */
async function takeAbout(taking: Taking, entry: Entry): Promise<void> {
  const { tx, draft, taken, here, runs, subscriptions } = taking
  const task = String(entry.task_id)
  if (here.has(task)) return
  if (!taken.has(task)) {
    draft.left(`${entry.type} of ${task}`, 'its task was not taken')
    return
  }
  for (const column of strangersIn(entry)) draft.left(column, 'there is no such column here')
  const row = rowOf(entry, tx.now)
  if (entry.type === 'subscription') {
    subscriptions.push(row)
  } else if (entry.type === 'run') {
    runs.set(entry.id, (await insert(tx, 'run', ended(row, tx.now))) ?? 0)
  } else {
    await insert(tx, entry.type, entry.type === 'event' ? retold(row, entry, taking) : row)
  }
  draft.took(entry.type)
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
