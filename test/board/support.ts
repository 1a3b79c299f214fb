import type { z } from 'zod'
import { archive } from '../../src/board/archive.ts'
import { block } from '../../src/board/block.ts'
import { type Claim, claim } from '../../src/board/claim.ts'
import { complete } from '../../src/board/complete.ts'
import { create } from '../../src/board/create.ts'
import { events } from '../../src/board/history.ts'
import { link } from '../../src/board/links.ts'
import { type RunRow, runColumns, type TaskRow, taskColumns } from '../../src/board/rows.ts'
import { schema } from '../../src/board/schema.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { BoardError } from '../../src/model/error.ts'
import type { Event } from '../../src/model/event.ts'
import { claimLock } from '../../src/model/lock.ts'
import type { Fence } from '../../src/model/run.ts'
import { type NewTask, newTask } from '../../src/model/task.ts'
import { migrate } from '../../src/store/schema.ts'
import { type Dialect, sql } from '../../src/store/sql.ts'
import type { Reader, Store, Tx } from '../../src/store/store.ts'
import { forEachStore, type OpenStore } from '../support/stores.ts'

export const token = (n: number): string => n.toString(16).padStart(32, '0')

let claims = 0

/** A claim as a dispatcher makes it, with a token of its own. */
export function dispatched(more: Partial<Claim> = {}): Claim {
  claims += 1
  const lock = claimLock('here+1', 42, token(claims))
  return { lock, ttl: 900, host: 'here+1', here: 'here+1', ...more }
}

/** The same tests for both databases; `open` opens an empty board, or one that is open beside itself. */
export function forEachBoard(body: (open: OpenStore, dialect: Dialect) => void): void {
  forEachStore((open, dialect) => {
    body(async (options) => withSchema(await open(options)), dialect)
  })
}

export async function withSchema(store: Store): Promise<Store> {
  await migrate(store, schema)
  return store
}

export function task(fields: Partial<z.input<typeof newTask>> = {}): NewTask {
  return newTask.parse({ title: 'work', ...fields })
}

export async function make(tx: Tx, fields: Partial<z.input<typeof newTask>> = {}): Promise<string> {
  return (await create(tx, task(fields), 'user')).id
}

/** Claims and returns what a worker would prove itself with. */
export async function take(tx: Tx, id: string, how: Claim = dispatched()): Promise<Fence> {
  const claimed = await claim(tx, id, how)
  if (claimed.run === null) throw claimed.refusal
  return { run: claimed.run, lock: how.lock }
}

/** A task that has come to `status` as tasks do; `scheduled` as another program writes it. */
export async function taskIn(tx: Tx, status: string): Promise<string> {
  const id = await make(tx, { triage: status === 'triage', assignee: 'someone' })
  if (status === 'todo') await link(tx, await make(tx), id)
  if (status === 'running') await take(tx, id)
  if (status === 'blocked') await block(tx, id, { reason: 'why' })
  if (status === 'done') await complete(tx, id, { summary: 'so' })
  if (status === 'archived') await archive(tx, id)
  if (status === 'scheduled')
    await tx.run(sql`update tasks set status = 'scheduled' where id = ${id}`)
  return id
}

/** Everything that a verb could have changed, for "nothing has changed". */
export async function everything(reader: Reader): Promise<unknown> {
  return {
    tasks: await reader.all(sql`select * from tasks order by id`),
    links: await reader.all(sql`select * from task_links order by parent_id, child_id`),
    runs: await reader.all(sql`select * from task_runs order by id`),
    events: await reader.all(sql`select * from task_events order by id`),
    comments: await reader.all(sql`select * from task_comments order by id`),
  }
}

export async function kinds(reader: Reader, id: string): Promise<string[]> {
  const rows = await reader.all<{ kind: string }>(
    sql`select kind from task_events where task_id = ${id} order by id`,
  )
  return rows.map((row) => row.kind)
}

/** What a worker of the open run would prove itself with; of no run when none is open. */
export async function fenceOf(reader: Reader, id: string): Promise<Fence> {
  const held = await taskRow(reader, id)
  return { run: held.current_run_id ?? 0, lock: held.claim_lock ?? 'nobody' }
}

export async function taskRow(reader: Reader, id: string): Promise<TaskRow> {
  const row = await reader.get<TaskRow>(sql`select ${taskColumns} from tasks where id = ${id}`)
  if (row === undefined) throw new Error(`there is no ${id}`)
  return row
}

/** Oldest first. */
export function runRows(reader: Reader, id: string): Promise<RunRow[]> {
  return reader.all<RunRow>(
    sql`select ${runColumns} from task_runs where task_id = ${id} order by id`,
  )
}

export async function lastEvent(reader: Reader, id: string): Promise<Event | undefined> {
  return (await events(reader, id, 1))[0]
}

/** The code and the sentence of what `refused` throws. */
export async function refusalOf(refused: Promise<unknown>): Promise<string> {
  const error = await refused.then(
    () => undefined,
    (thrown) => thrown,
  )
  if (error instanceof BoardError) return `${error.code}: ${error.message}`
  throw error ?? new Error('it was not refused')
}

/** A clock that stands until it is moved on. */
export function stoppedClock(start = 1_795_000_000): Clock & { pass(seconds: number): void } {
  let now = start
  return Object.assign(() => now, {
    pass(seconds: number) {
      now += seconds
    },
  })
}
