import type { Outcome } from '../model/run.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { metadataText } from './metadata.ts'

/** What a run that closes is left with. */
export interface Closing {
  readonly outcome?: Outcome
  readonly summary?: string | null
  readonly error?: string | null
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined
}

/**
 * Writes the end of an open run; one that has ended stays as it is. An end is never before its
 * start, whatever the clock did, and what was handed over stays where nothing newer is given.
 */
export async function endRun(
  tx: Tx,
  run: number,
  outcome: Outcome,
  closing: Closing = {},
): Promise<void> {
  await tx.run(sql`
    update task_runs set
      status = ${outcome === 'completed' ? 'done' : outcome},
      outcome = ${outcome},
      ended_at = case when started_at > ${tx.now} then started_at else ${tx.now} end,
      summary = coalesce(${closing.summary ?? null}, summary),
      error = coalesce(${closing.error ?? null}, error),
      metadata = coalesce(${metadataText(closing.metadata)}, metadata)
    where id = ${run} and ended_at is null`)
}

/** Another program may leave a run open on a task at rest; it must not stand beside a later one. */
export async function endStray(tx: Tx, task: string, run: number, status: string): Promise<void> {
  await endRun(tx, run, 'reclaimed', { summary: `left open on a task that was ${status}` })
  await tx.run(
    sql`update tasks set current_run_id = null where id = ${task} and current_run_id = ${run}`,
  )
}
