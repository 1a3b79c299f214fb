/** Why a task is where it is, and what would move it: in the words of the predicate that decides. */

import type { Board } from '../board/board.ts'
import { getTask } from '../board/find.ts'
import { getRun, latestSummary } from '../board/history.ts'
import { holds } from '../board/holds.ts'
import { openParents } from '../board/parents.ts'
import { formatDuration } from '../lib/duration.ts'
import { cut, oneLine } from '../lib/text.ts'
import type { Task } from '../model/task.ts'
import type { Reader } from '../store/store.ts'
import { admit } from './admit.ts'
import { readyTask } from './candidates.ts'
import type { Host } from './plan.ts'

export interface Why {
  readonly task_id: string
  readonly status: string
  /** One sentence, without the task's id. */
  readonly why: string
  /** What would move it on, as something a person can do; null where nothing need be done. */
  readonly next: string | null
}

/** `dispatching`: a dispatcher of this home is alive. */
export function why(board: Board, id: string, host: Host, dispatching: boolean): Promise<Why> {
  return board.store.read(async (reader) => {
    const task = await getTask(reader, id)
    const said = await explain(reader, board, task, host, dispatching)
    return { task_id: task.id, status: task.status, ...said }
  })
}

type Said = Pick<Why, 'why' | 'next'>

async function explain(
  reader: Reader,
  board: Board,
  task: Task,
  host: Host,
  dispatching: boolean,
): Promise<Said> {
  const { id } = task
  switch (task.status) {
    case 'triage':
      return {
        why: 'it is parked until somebody says what it is',
        next: `hermes kanban promote ${id}`,
      }
    case 'todo':
      return waiting(reader, id)
    case 'ready':
      return ready(reader, board, id, host, dispatching)
    case 'running':
      return running(reader, task)
    case 'blocked':
      return blocked(reader, task)
    case 'done':
      return { why: 'it is done', next: null }
    case 'archived':
      return { why: 'it was put away', next: null }
    default:
      return {
        why: `another program that shares the board has set it to ${task.status}`,
        next: 'look at it with that program',
      }
  }
}

async function waiting(reader: Reader, id: string): Promise<Said> {
  const parents = await openParents(reader, id)
  if (parents.length === 0) {
    return { why: 'nothing holds it back: the next pass promotes it', next: null }
  }
  const named = parents.slice(0, 5).map((parent) => `${parent.id} (${parent.status})`)
  const more = parents.length > 5 ? ` and ${parents.length - 5} more` : ''
  return { why: `it waits for ${named.join(', ')}${more}`, next: null }
}

async function ready(
  reader: Reader,
  board: Board,
  id: string,
  host: Host,
  dispatching: boolean,
): Promise<Said> {
  const task = await readyTask(reader, host.host, id)
  const situation = { ...host, now: reader.now, board: board.slug, holds: await holds(reader) }
  const reason = task && admit(task, situation)
  if (reason !== undefined) {
    const unseen = task?.ending_run != null && !dispatching
    return { why: reason.says, next: unseen ? 'hermes kanban dispatch' : null }
  }
  if (dispatching) return { why: 'nothing holds it back: it starts with the next pass', next: null }
  return {
    why: 'it could start, but no dispatcher is running here',
    next: 'hermes gateway run',
  }
}

async function running(reader: Reader, task: Task): Promise<Said> {
  const run = task.current_run_id === null ? undefined : await getRun(reader, task.current_run_id)
  if (run === undefined) return { why: 'another program works on it', next: null }
  const since = formatDuration(reader.now - run.started_at)
  if (run.host === null) {
    const left = formatDuration((task.claim_expires ?? 0) - reader.now)
    return {
      why: `somebody has claimed it by hand (${run.claim_lock}) ${since} ago; the claim is good for ${left}`,
      next: null,
    }
  }
  const who = run.profile ?? 'a worker'
  const began = run.worker_pid === null ? 'is being started' : `has been at work for ${since}`
  return { why: `${who} ${began} in run ${run.id}`, next: `hermes kanban log ${task.id} --follow` }
}

async function blocked(reader: Reader, task: Task): Promise<Said> {
  const next = `hermes kanban unblock ${task.id}`
  const error = task.last_failure_error ? `: ${short(task.last_failure_error)}` : ''
  switch (task.block_kind) {
    case 'breaker':
      return { why: `it failed ${task.consecutive_failures} times in a row${error}`, next }
    case 'protocol':
      return { why: `its worker ended without completing or blocking it${error}`, next }
    case 'quota':
      return { why: `it met nothing but quotas${error}`, next }
    case 'login':
      return { why: `a login is missing${error}`, next }
    default: {
      const reason = await latestSummary(reader, task.id)
      return { why: `it waits for an answer${reason ? `: ${short(reason)}` : ''}`, next }
    }
  }
}

function short(text: string): string {
  return cut(oneLine(text), 300)
}
