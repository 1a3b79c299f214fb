/** Why a task is where it is, and what would move it: in the words of the predicate that decides. */

import type { Board } from '../board/board.ts'
import { latestElsewhere, latestHostOf } from '../board/elsewhere.ts'
import { getTask } from '../board/find.ts'
import { getRun, latestSummary } from '../board/history.ts'
import { holds } from '../board/holds.ts'
import { questions } from '../board/overview/said.ts'
import { openParents } from '../board/parents.ts'
import { formatDuration } from '../lib/duration.ts'
import { nearest } from '../lib/nearest.ts'
import type { Task } from '../model/task.ts'
import type { Reader } from '../store/store.ts'
import { admit, type Reason } from './admit.ts'
import { type Ready, readyTask } from './candidates.ts'
import { machineOf } from './host.ts'
import type { Around } from './surroundings.ts'
import {
  blockedWords,
  claimWords,
  freeWords,
  heldWords,
  parkedWords,
  type Question,
  waitingWords,
} from './words.ts'

export interface Why {
  readonly task_id: string
  readonly status: string
  /** One sentence, without the task's id. */
  readonly why: string
  /** What would move it on, as something a person can do; null where nothing need be done. */
  readonly next: string | null
  /** Unix seconds when that ends by itself, where it is known. */
  readonly until: number | null
}

export function why(board: Board, id: string, around: Around): Promise<Why> {
  return board.store.read((reader) => whyIn(reader, board, id, around))
}

/** As `why`, in a snapshot that somebody has already. */
export async function whyIn(
  reader: Reader,
  board: Board,
  id: string,
  around: Around,
): Promise<Why> {
  const task = await getTask(reader, id)
  const said = await explain(reader, board, task, around)
  return { task_id: task.id, status: task.status, until: null, ...said }
}

type Said = Pick<Why, 'why' | 'next'> & Partial<Pick<Why, 'until'>>

async function explain(reader: Reader, board: Board, task: Task, around: Around): Promise<Said> {
  const { id } = task
  switch (task.status) {
    case 'triage':
      return {
        why: parkedWords,
        next: `hermes kanban promote ${id}`,
      }
    case 'todo':
      return waiting(reader, id)
    case 'ready':
      return ready(reader, board, id, around)
    case 'running':
      return running(reader, task, around)
    case 'blocked':
      return blocked(reader, task)
    case 'done':
      return { why: 'nothing is left to do', next: null }
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
  return { why: waitingWords(await openParents(reader, id)), next: null }
}

async function ready(reader: Reader, board: Board, id: string, around: Around): Promise<Said> {
  const { host, dispatching, trouble } = around
  const task = await readyTask(reader, host.host, id)
  const situation = { ...host, now: reader.now, board: board.slug, holds: await holds(reader) }
  const reason = task && admit(task, situation)
  if (task !== undefined && reason !== undefined) {
    const unknown = reason.skip === 'nonspawnable' && reader.dialect !== 'sqlite'
    const away = unknown && task.assignee ? await latestHostOf(reader, task.assignee) : undefined
    return {
      why: heldWords(reason, reader.now) + (unknown ? otherMachines(away) : ''),
      next: away === undefined ? nextStep(task, reason, around) : null,
      until: reason.until ?? null,
    }
  }
  const next = dispatching ? trouble && 'hermes gateway status' : 'hermes gateway run'
  return { why: freeWords(around), next }
}

function nextStep(task: Ready, { skip }: Reason, { host, dispatching }: Around): string | null {
  switch (skip) {
    case 'unassigned':
      return `hermes kanban assign ${task.id} <profile>`
    case 'nonspawnable': {
      const meant = nearest(task.assignee ?? '', host.profiles)
      return `hermes kanban assign ${task.id} ${meant ?? '<profile>'}`
    }
    default:
      return task.ending_run !== null && !dispatching ? 'hermes kanban dispatch' : null
  }
}

/** On a server, a profile that is not here may be elsewhere. */
function otherMachines(host: string | undefined): string {
  return host === undefined
    ? ', unless another machine has it'
    : `, or one of the machine ${machineOf(host)}, which did work of it last`
}

async function running(reader: Reader, task: Task, { host, dispatching }: Around): Promise<Said> {
  const run = task.current_run_id === null ? undefined : await getRun(reader, task.current_run_id)
  if (run === undefined) return { why: 'another program works on it', next: null }
  const since = formatDuration(reader.now - run.started_at)
  if (run.host === null) {
    const { claim_expires: expires } = task
    const lapsed = expires !== null && expires <= reader.now
    const claim = claimWords(expires, reader.now, dispatching)
    return {
      why: `somebody has claimed it by hand (${run.claim_lock}) ${since} ago; ${claim}`,
      next: lapsed && !dispatching ? `hermes kanban reclaim ${task.id}` : null,
    }
  }
  const who = run.profile ?? 'a worker'
  const away = await latestElsewhere(reader, task.id, host.host)
  const where = away?.run === run.id ? ` on the machine ${machineOf(away.host)}` : ''
  const began = run.worker_pid === null ? 'is being started' : `has been at work for ${since}`
  return {
    why: `${who} ${began} in run ${run.id}${where}`,
    next: where === '' ? `hermes kanban log ${task.id} --follow` : null,
  }
}

async function blocked(reader: Reader, task: Task): Promise<Said> {
  const asked = (await questions(reader, [task.id])).get(task.id)
  return {
    why: blockedWords(task, asked ?? (await unsigned(reader, task.id))),
    next: unblocking(task),
  }
}

/** Let go on as it is, it would only be asked, or fail, again. */
function unblocking({ id, block_kind: kind }: Task): string {
  const unblock = `hermes kanban unblock ${id}`
  switch (kind) {
    case 'breaker':
    case 'protocol':
      return `hermes kanban log ${id}, mend what went wrong, then ${unblock}`
    case 'quota':
    case 'login':
      return unblock
    default:
      return `hermes kanban comment ${id} "…" && ${unblock}`
  }
}

/** Of a block without a comment, as other programs make one. */
async function unsigned(reader: Reader, id: string): Promise<Question | undefined> {
  const text = await latestSummary(reader, id)
  return text === null ? undefined : { by: null, text }
}
