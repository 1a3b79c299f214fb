import { BoardError } from '../model/error.ts'
import { sql } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'

/**
 * A runner renews its lease each minute for as long as it lives: one that has not for so long, in seconds, is
 * of a machine that is gone, or of none at all.
 */
const longDead = 3600

/** Throws `conflict` while a task of the board is running, or has a process that has not ended. `cannot` says what is refused. */
export async function assertAtRest(reader: Reader, slug: string, cannot: string): Promise<void> {
  const task = await reader.get<{ id: string }>(sql`
    select id from tasks where status = 'running' or exists (
      select 1 from task_runs run where run.task_id = tasks.id
        and run.runner_pid is not null and run.exited_at is null
        and coalesce(run.claim_expires, 0) > ${reader.now - longDead}) limit 1`)
  if (task !== undefined) throw notAtRest(slug, cannot, task.id)
}

export function notAtRest(slug: string, cannot: string, task: string): BoardError {
  return new BoardError(
    'conflict',
    `the board ${slug} ${cannot}: ${task} is running; reclaim or finish it first`,
    { slug, task },
  )
}
