/** The real board beside the model: made empty, asked, and compared. */

import { expect } from 'vitest'
import { schema } from '../../src/board/schema.ts'
import { BoardError } from '../../src/model/error.ts'
import { name, sql } from '../../src/store/sql.ts'
import type { Reader, Store, Tx } from '../../src/store/store.ts'
import { expectInvariants } from '../board/invariants.ts'
import type { stoppedClock } from '../board/support.ts'
import type { Answer, Event, Model, Run, Task } from './model.ts'

export interface Board {
  readonly store: Store
  readonly clock: ReturnType<typeof stoppedClock>
  /** What has been compared already. */
  seen: number
}

/** Without rows, and with the first numbers still to be given: the model counts along. */
export async function emptyBoard({ store, clock }: Omit<Board, 'seen'>): Promise<Board> {
  await store.write(async (tx) => {
    for (const table of schema.tables) {
      await tx.run(sql`delete from ${name(table.name)}`)
      if (tx.dialect === 'postgres' && table.primaryKey === 'autoincrement') {
        await tx.run(sql`alter table ${name(table.name)} alter id restart`)
      }
    }
    if (tx.dialect === 'sqlite') await tx.run(sql`delete from sqlite_sequence`)
  })
  return { store, clock, seen: 0 }
}

/** The code of the refusal, thrown or returned. Anything else that is thrown is a fault. */
export async function answerOf(store: Store, act: (tx: Tx) => Promise<unknown>): Promise<Answer> {
  try {
    const result = await store.write(act)
    const refused = typeof result === 'object' && result !== null && 'refusal' in result
    return refused ? (result.refusal as BoardError).code : 'done'
  } catch (error) {
    if (error instanceof BoardError) return error.code
    throw error
  }
}

/** Everything that can be observed is as the model has it, the events of the latest step included. */
export async function expectSame(model: Model, board: Board, invariants: boolean): Promise<void> {
  await board.store.read(async (reader) => {
    const events = await eventsAfter(reader, board.seen)
    board.seen = Math.max(board.seen, ...events.map((event) => event.id))
    const seen = {
      tasks: await tasksOf(reader),
      runs: await runsOf(reader),
      links: await linksOf(reader),
      comments: await reader.all(sql`select task_id, body from task_comments order by id`),
      events: events.map(({ task_id, kind, run_id }) => ({ task_id, kind, run_id })),
    }
    expect({ ...seen, events: byTask(seen.events) }).toEqual({
      tasks: [...model.tasks.values()],
      runs: [...model.runs.values()],
      links: [...model.links].sort(),
      comments: model.comments,
      events: byTask(model.events),
    })
    if (invariants) await expectInvariants(reader)
  })
}

function tasksOf(reader: Reader): Promise<Task[]> {
  return reader.all<Task>(sql`
    select id, created_by, created_at, idempotency_key, max_retries, title, priority, assignee,
      status, result, started_at, completed_at, consecutive_failures,
      case when last_failure_error is not null then 'why' end as last_failure_error, not_before,
      block_kind, claim_lock, claim_expires, worker_pid, last_heartbeat_at, current_run_id
    from tasks order by id`)
}

/** The words of an error are ours to choose, but for what says that a person took the task back. */
function runsOf(reader: Reader): Promise<Run[]> {
  return reader.all<Run>(sql`
    select id, task_id, profile, claim_lock, host, started_at, claim_expires, status, outcome,
      ended_at, summary, runner_pid, worker_pid, exited_at,
      case when error is null or error like 'manual_reclaim%' then error else 'why' end as error
    from task_runs order by id`)
}

async function linksOf(reader: Reader): Promise<string[]> {
  const rows = await reader.all<{ link: string }>(
    sql`select parent_id || ' ' || child_id as link from task_links`,
  )
  return rows.map(({ link }) => link).sort()
}

interface EventRow extends Event {
  readonly id: number
  readonly payload: string | null
}

async function eventsAfter(reader: Reader, seen: number) {
  const rows = await reader.all<EventRow>(sql`
    select id, task_id, kind, run_id, payload from task_events where id > ${seen} order by id`)
  return rows.map(({ payload, ...event }) =>
    event.kind === 'status'
      ? { ...event, kind: `status ${JSON.parse(payload ?? '{}').status}` }
      : event,
  )
}

/** What happened to each task in its order; which task came first is nobody's business. */
function byTask(events: readonly Event[]): Event[] {
  return events.toSorted((a, b) => (a.task_id < b.task_id ? -1 : a.task_id > b.task_id ? 1 : 0))
}
