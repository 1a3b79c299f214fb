import { z } from 'zod'
import { assign } from '../board/assign.ts'
import { findId, getTask } from '../board/find.ts'
import { reclaim } from '../board/reclaim.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import type { Task } from '../model/task.ts'
import { somebody } from './assign.ts'
import { operation } from './operation.ts'
import { prospects } from './prospects.ts'

export const reassign = operation({
  name: 'reassign',
  summary: 'Give a task to somebody else, taking it back from its worker first if asked to.',
  audience: ['operator', 'person'],
  effect: 'write',
  input: z.strictObject({
    task_id: field.taskRef.describe('the task'),
    assignee: somebody,
    reclaim: z.boolean().default(false).describe('end the run that is under way'),
    reason: field.text.optional().describe('why it is taken back'),
  }),
  run: async (input, context) => {
    const { store } = await context.board()
    const task = await store.write(async (tx) => {
      const id = await findId(tx, input.task_id)
      const before = await getTask(tx, id)
      if (before.status === 'running' && !input.reclaim) throw stillRunning(before)
      if (before.status === 'running') await reclaim(tx, id, context.actor, input.reason)
      await assign(tx, id, input.assignee)
      return getTask(tx, id)
    })
    const { id, assignee, status } = task
    return { task_id: id, assignee, status, ...(await prospects(task, context)) }
  },
  command: {
    positional: { task_id: '<id>', assignee: '<profile>' },
    flags: { reclaim: '--reclaim', reason: '--reason <text>' },
    examples: ['t_1a2b3c4d writer --reclaim --reason "needs another tone"'],
    render: ({ task_id, assignee, status }) =>
      `Reassigned ${task_id} to ${assignee ?? 'none'}  (${status})`,
    warns: ({ warning }) => warning,
    hint: ({ hint }) => hint,
  },
})

function stillRunning({ id, status, assignee }: Task): BoardError {
  return new BoardError(
    'wrong_status',
    `${id} cannot be given to somebody else: ${assignee ?? 'somebody'} is at work on it; add reclaim to end that run first`,
    { id, status },
  )
}
