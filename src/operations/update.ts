import { archive } from '../board/archive.ts'
import { assign } from '../board/assign.ts'
import { backfill } from '../board/backfill.ts'
import { unblock } from '../board/block.ts'
import { complete } from '../board/complete.ts'
import { edit } from '../board/edit.ts'
import { findId, getTask } from '../board/find.ts'
import { reclaim } from '../board/reclaim.ts'
import { reopen } from '../board/reopen.ts'
import { shift } from '../board/shift.ts'
import { type TaskChange, taskChange } from '../model/change.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import { satisfies, statusNames } from '../model/status.ts'
import type { Task } from '../model/task.ts'
import type { Tx } from '../store/store.ts'
import { ask } from './block.ts'
import { type Context, operation } from './operation.ts'

export const update = operation({
  name: 'update',
  summary: 'Change a task by saying how it is to be; all of it is done, or nothing.',
  audience: ['person'],
  effect: 'write',
  input: taskChange.extend({ task_id: field.taskRef.describe('the task') }),
  run: async ({ task_id, ...change }, context) => {
    if (!asksForSomething(change)) {
      throw new BoardError(
        'meaningless',
        `nothing to change on ${task_id}: say what, such as status`,
      )
    }
    const { store } = await context.board()
    return store.write(async (tx) => {
      const id = await findId(tx, task_id)
      await applyChange(tx, id, change, context)
      return { task: await getTask(tx, id) }
    })
  },
})

export function asksForSomething(change: Readonly<Record<string, unknown>>): boolean {
  return Object.values(change).some((value) => value !== undefined)
}

/**
 * All of a change, with the verbs that lead there, in the unit of work of `tx`. Throws what the first
 * verb that does not apply throws, after which nothing of it is kept.
 */
export async function applyChange(
  tx: Tx,
  id: string,
  change: TaskChange,
  context: Context,
  reclaimFirst = false,
): Promise<void> {
  const { title, body, priority, host, assignee, status, block_reason } = change
  checkWords(change)
  await edit(tx, id, { title, body, priority, host })
  const before = await getTask(tx, id)
  if (before.status === 'running' && reclaimFirst) await reclaim(tx, id, context.actor)
  // Who works on it cannot be changed: it is first taken from its worker, where that is what is asked for.
  const assignLast = before.status === 'running' && !reclaimFirst && status !== undefined
  if (assignee !== undefined && !assignLast) await assign(tx, id, assignee)
  if (status !== undefined) await reach(tx, status, id, change, context)
  if (assignee !== undefined && assignLast) await assign(tx, id, assignee)
  const { result, summary, metadata } = change
  const handoff = { result, summary, metadata }
  if (status !== 'done' && asksForSomething(handoff)) await backfill(tx, id, handoff)
  if (status !== 'blocked' && block_reason !== undefined) {
    throw new BoardError(
      'meaningless',
      'block_reason goes with status blocked: nothing was changed',
    )
  }
}

function checkWords({ status }: TaskChange): void {
  if (status === undefined || statusNames.some((name) => name === status)) return
  throw new BoardError(
    'meaningless',
    `${JSON.stringify(status)} is no status: use one of ${statusNames.join(', ')}; nothing was changed`,
  )
}

/** The status names the goal; a verb leads there, or refuses. */
async function reach(
  tx: Tx,
  goal: string,
  id: string,
  { summary, result, metadata, block_reason }: TaskChange,
  context: Context,
): Promise<unknown> {
  const task = await getTask(tx, id)
  switch (goal) {
    case 'done':
      return complete(tx, id, { summary, result, metadata })
    case 'blocked':
      return ask(tx, id, block_reason, context)
    case 'archived':
      return archive(tx, id)
    case 'triage':
      return shift(tx, id, 'triage')
    case 'running':
      throw notByHand(task)
    case 'ready':
      if (task.status === 'blocked') return unblock(tx, id)
      return satisfies(task.status) ? reopen(tx, id) : shift(tx, id, 'ready')
    default:
      return satisfies(task.status) ? reopen(tx, id) : shift(tx, id, 'todo')
  }
}

function notByHand({ id, status }: Task): BoardError {
  return new BoardError(
    'wrong_status',
    `${id} is ${status} and cannot be moved to running: a dispatcher claims it when it is ready, or somebody by hand with claim`,
    { id, status },
  )
}
