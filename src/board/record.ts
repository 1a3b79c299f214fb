import type { EventKind } from '../model/event.ts'
import { either, sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'

/** Appends an event. `run` is the run that it is about; null for what is about the task alone. */
export async function record(
  tx: Tx,
  task: string,
  kind: EventKind,
  payload: Readonly<Record<string, unknown>> = {},
  run: number | null = null,
): Promise<void> {
  await tx.run(sql`
    insert into task_events (task_id, run_id, kind, payload, created_at)
    values (${task}, ${run}, ${kind}, ${jsonOf(payload)}, ${tx.now})`)
}

/** The same event about each of several tasks, in one statement. */
export async function recordEach(
  tx: Tx,
  tasks: readonly string[],
  kind: EventKind,
  payload: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  if (tasks.length === 0) return
  const ids = JSON.stringify(tasks)
  await tx.run(sql`
    insert into task_events (task_id, kind, payload, created_at)
    select id, ${kind}, ${jsonOf(payload)}, ${tx.now} from (${either({
      sqlite: sql`select value as id from json_each(${ids})`,
      postgres: sql`select json_array_elements_text(${ids}::json) as id`,
    })}) about`)
}

function jsonOf(payload: Readonly<Record<string, unknown>>): string | null {
  return Object.keys(payload).length === 0 ? null : JSON.stringify(payload)
}
