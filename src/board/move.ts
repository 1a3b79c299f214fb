import { BoardError } from '../model/error.ts'
import type { Fence } from '../model/run.ts'
import type { Status } from '../model/status.ts'
import { nothing, type Sql, sql, words } from '../store/sql.ts'
import type { Reader, Tx } from '../store/store.ts'
import { type Closing, endRun, endStray } from './end-run.ts'
import { type Cleared, lifecycle, type Move, type Verb } from './lifecycle.ts'
import { hasOpenParent, openParents, settled } from './parents.ts'
import { record } from './record.ts'

export interface Details {
  /** The write counts only while this is the task's open run. */
  readonly fence?: Fence | undefined
  /** Further columns of the task, beginning with a comma. */
  readonly set?: Sql
  /** What the run that closes is left with. */
  readonly close?: Closing
  readonly payload?: Readonly<Record<string, unknown>>
}

export interface Moved {
  readonly from: string
  readonly to: string
  /** The run that this move closed, or made to keep a hand-off. */
  readonly run: number | null
}

/**
 * The one writer of `tasks.status`: does what the row of the lifecycle table says, closes the open
 * run and appends the event. Throws `wrong_status` where the row does not apply, `run_ended` where
 * the fence does not hold, `not_found`; then nothing has changed.
 */
export async function move(
  tx: Tx,
  verb: Exclude<Verb, 'claim'>,
  id: string,
  details: Details = {},
): Promise<Moved> {
  const row: Move = lifecycle[verb]
  const { fence } = details
  // Behind a fence it can only be running, in that run.
  const before: Standing | undefined =
    fence === undefined ? await standing(tx, id) : { status: 'running', current_run_id: fence.run }
  const changed = await tx.run(sql`
    update tasks set status = ${targets[verb]}, claim_lock = null, claim_expires = null,
      worker_pid = null, current_run_id = null${clearing[verb]}${details.set ?? nothing}
    where id = ${id} ${fence === undefined ? guards[verb] : fencedGuards[verb]} ${fenced(fence)}`)
  if (before === undefined || changed === 0) throw await refusal(tx, verb, id, fence)
  const closed = await closeRun(tx, id, before, row, details.close)
  const run = closed ?? (row.handsOver ? await handOver(tx, id, row, details.close) : null)
  const to = isFixed(row.to) ? row.to : ((await standing(tx, id))?.status ?? row.to)
  const payload = row.event === 'status' ? { status: to } : {}
  await record(tx, id, row.event, { ...payload, ...details.payload }, run)
  return { from: before.status, to, run }
}

interface Standing {
  readonly status: string
  readonly current_run_id: number | null
}

function standing(reader: Reader, id: string): Promise<Standing | undefined> {
  return reader.get(sql`select status, current_run_id from tasks where id = ${id}`)
}

const cleared: Record<Cleared, Sql> = {
  failures: sql`, consecutive_failures = 0, last_failure_error = null`,
  delay: sql`, not_before = null`,
  block: sql`, block_kind = null`,
  completion: sql`, completed_at = null`,
}

const targets = eachVerb((row) => (isFixed(row.to) ? words(row.to) : settled))

/** Straight to ready nothing goes that waits. */
const guards = eachVerb(
  (row) => sql`and status in (${words(...(row.from as [string, ...string[]]))})
    ${row.to === 'ready' ? sql`and not ${hasOpenParent}` : nothing}`,
)

/**
 * A fence says itself that the task is running (SQLite makes a table of each list of statuses, 2 µs) and
 * never holds for a verb that does not begin there.
 */
const fencedGuards = eachVerb((row) => (row.from.includes('running') ? nothing : sql`and false`))

const clearing = eachVerb((row) => ({
  strings: ['', ...(row.clears ?? []).map(() => '')],
  parts: (row.clears ?? []).map((what) => cleared[what]),
}))

function eachVerb(of: (row: Move) => Sql): Record<Verb, Sql> {
  const entries = Object.entries(lifecycle).map(([verb, row]) => [verb, of(row)])
  return Object.fromEntries(entries) as Record<Verb, Sql>
}

function isFixed(to: Move['to']): to is Status {
  return to !== 'settled' && to !== 'origin'
}

export function fenced(fence: Fence | undefined): Sql {
  if (fence === undefined) return nothing
  return sql`and status = 'running' and current_run_id = ${fence.run} and claim_lock = ${fence.lock}`
}

/**
 * Closes the run that the task points at; returns it when it was the run of a running task. One
 * that another program left open on a task at rest is closed as taken back.
 */
async function closeRun(
  tx: Tx,
  id: string,
  before: Standing,
  row: Move,
  closing: Closing = {},
): Promise<number | null> {
  const run = before.current_run_id
  if (run === null) return null
  if (before.status === 'running') {
    await endRun(tx, run, closing.outcome ?? row.outcome ?? 'reclaimed', closing)
    return run
  }
  await endStray(tx, id, run, before.status)
  return null
}

/** What is handed over where no run was open is kept by a run of no length. */
async function handOver(
  tx: Tx,
  id: string,
  row: Move,
  closing: Closing = {},
): Promise<number | null> {
  if (!closing.summary && !closing.metadata) return null
  const made = await tx.insert(sql`
    insert into task_runs (task_id, profile, step_key, status, started_at)
    select id, assignee, current_step_key, 'running', ${tx.now} from tasks where id = ${id}`)
  if (made === undefined) return null
  await endRun(tx, made, row.outcome ?? 'reclaimed', closing)
  return made
}

/** Why a move did not apply, as the error to throw. */
export async function refusal(
  reader: Reader,
  verb: Verb,
  id: string,
  fence?: Fence,
): Promise<BoardError> {
  const task = await reader.get<{ status: string }>(sql`select status from tasks where id = ${id}`)
  if (task === undefined) return notFound(id)
  if (fence !== undefined) return await runEnded(reader, id, fence)
  const row: Move = lifecycle[verb]
  if (row.to === 'ready' && row.from.some((from) => from === task.status)) {
    return parentsOpen(id, await openParents(reader, id))
  }
  const why = task.status === row.to ? ' already' : `, not ${orList(row.from)}`
  return new BoardError('wrong_status', `${id} cannot ${row.does}: it is ${task.status}${why}`, {
    id,
    status: task.status,
    from: row.from,
  })
}

export function notFound(id: string): BoardError {
  return new BoardError('not_found', `there is no task ${id} on this board`, { id })
}

export function parentsOpen(
  id: string,
  parents: readonly { readonly id: string; readonly status: string }[],
): BoardError {
  const named = parents.slice(0, 5).map((parent) => `${parent.id} (${parent.status})`)
  const more = parents.length > 5 ? ` and ${parents.length - 5} more` : ''
  return new BoardError(
    'open_parents',
    `${id} waits for ${named.join(', ')}${more}: finish or unlink ${parents.length === 1 ? 'it' : 'them'} first`,
    { id, parents: parents.map((parent) => parent.id) },
  )
}

/** What a late worker is told; it changes nothing and should stop. */
async function runEnded(reader: Reader, id: string, fence: Fence): Promise<BoardError> {
  const run = await reader.get<{ outcome: string | null; claim_lock: string | null }>(
    sql`select outcome, claim_lock from task_runs where id = ${fence.run} and task_id = ${id}`,
  )
  const how = run?.claim_lock === fence.lock ? (run.outcome ?? 'reclaimed') : 'not yours'
  return new BoardError(
    'run_ended',
    `run ${fence.run} of ${id} was ended: ${how}; state unchanged, stop working on it`,
    { id, run: fence.run, outcome: how },
  )
}

function orList(all: readonly string[]): string {
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`
}
