import { cut, firstLine } from '../lib/text.ts'
import { BoardError } from '../model/error.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { metadataText } from './metadata.ts'
import { notFound } from './move.ts'
import { record } from './record.ts'

export interface Backfill {
  readonly result?: string | undefined
  readonly summary?: string | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
}

/**
 * Corrects the hand-off of a done task, on its latest completed run; one is made where there is
 * none. Throws `wrong_status` on a task that is not done.
 */
export async function backfill(tx: Tx, id: string, to: Backfill): Promise<void> {
  const task = await tx.get<{ status: string; assignee: string | null; result: string | null }>(
    sql`select status, assignee, result from tasks where id = ${id}`,
  )
  if (task === undefined) throw notFound(id)
  if (task.status !== 'done') {
    throw new BoardError(
      'wrong_status',
      `the result of ${id} cannot be edited: it is ${task.status}, not done`,
      { id, status: task.status },
    )
  }
  if (to.result !== undefined) {
    await tx.run(sql`update tasks set result = ${to.result} where id = ${id}`)
  }
  const metadata = metadataText(to.metadata)
  const run = await completedRun(tx, id, task.assignee)
  // A summary that was the result for want of a better one goes with it; one of its own stays.
  const wasResult = !run.summary || run.summary === task.result
  const summary = to.summary ?? (wasResult ? to.result : undefined)
  await tx.run(sql`
    update task_runs set summary = coalesce(${summary ?? null}, summary),
      metadata = coalesce(${metadata}, metadata)
    where id = ${run.id}`)
  const fields = Object.entries(to).flatMap(([field, value]) =>
    value === undefined ? [] : [field],
  )
  await record(
    tx,
    id,
    'edited',
    {
      fields,
      ...(to.result === undefined ? {} : { result_len: to.result.length }),
      ...(to.summary === undefined ? {} : { summary: cut(firstLine(to.summary), 400) }),
    },
    run.id,
  )
}

interface Handed {
  readonly id: number
  readonly summary: string | null
}

async function completedRun(tx: Tx, id: string, profile: string | null): Promise<Handed> {
  const found = await tx.get<Handed>(sql`
    select id, summary from task_runs where task_id = ${id} and outcome = 'completed'
    order by id desc limit 1`)
  if (found !== undefined) return found
  const made = await tx.insert(sql`
    insert into task_runs (task_id, profile, status, outcome, started_at, ended_at)
    values (${id}, ${profile}, 'done', 'completed', ${tx.now}, ${tx.now})`)
  if (made === undefined) throw new Error('an insert made no row')
  return { id: made, summary: null }
}
