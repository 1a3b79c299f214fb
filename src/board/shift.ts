import { BoardError } from '../model/error.ts'
import type { Status } from '../model/status.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { lifecycle } from './lifecycle.ts'
import { letIn } from './lock-out.ts'
import { move, notFound, parentsOpen } from './move.ts'
import { openParents } from './parents.ts'

/** Where a person may drag a task; everywhere else a verb of its own leads. */
const targets = {
  triage: ['park', 'withdraw'],
  todo: ['settle', 'resume'],
  ready: ['settle', 'resume'],
} as const

export type Target = keyof typeof targets

/**
 * Moves a task that is not finished to triage, todo or ready; in todo nothing stays that could be
 * ready. Throws `open_parents` for ready while a parent is open. Returns where the task is now.
 */
export async function shift(tx: Tx, id: string, to: Target): Promise<string> {
  const task = await tx.get<{ status: Status }>(sql`select status from tasks where id = ${id}`)
  if (task === undefined) throw notFound(id)
  const verb = task.status === to ? undefined : verbFrom(task.status, to)
  if (verb === undefined) throw notMovable(id, task.status, to)
  if (to === 'ready') {
    const parents = await openParents(tx, id)
    if (parents.length > 0) throw parentsOpen(id, parents)
  }
  if (verb === 'resume') await letIn(tx, id)
  const moved = await move(tx, verb, id, { close: { summary: `moved to ${to}` } })
  return moved.to
}

function verbFrom(status: Status, to: Target) {
  return targets[to].find((verb) => lifecycle[verb].from.some((from) => from === status))
}

function notMovable(id: string, status: string, to: Target): BoardError {
  const hint = status === 'done' || status === 'archived' ? '; reopen it first' : ''
  return new BoardError('wrong_status', `${id} cannot be moved to ${to}: it is ${status}${hint}`, {
    id,
    status,
  })
}
