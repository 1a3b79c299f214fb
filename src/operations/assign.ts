import { z } from 'zod'
import { assign as assignTask } from '../board/assign.ts'
import { findId, getTask } from '../board/find.ts'
import * as field from '../model/fields.ts'
import { operation } from './operation.ts'
import { prospects } from './prospects.ts'

export const somebody = field.assigneeOrNobody.describe('the profile or lane; none for nobody')

export const assign = operation({
  name: 'assign',
  summary: 'Give a task to a profile, or to nobody.',
  audience: ['operator', 'person'],
  effect: 'write',
  input: z.strictObject({ task_id: field.taskRef.describe('the task'), assignee: somebody }),
  run: async ({ task_id, assignee }, context) => {
    const { store } = await context.board()
    const task = await store.write(async (tx) => {
      const id = await findId(tx, task_id)
      await assignTask(tx, id, assignee)
      return getTask(tx, id)
    })
    return { task_id: task.id, assignee, ...(await prospects(task, context)) }
  },
  command: {
    positional: { task_id: '<id>', assignee: '<profile>' },
    examples: ['t_1a2b3c4d researcher', 't_1a2b3c4d none'],
    render: ({ task_id, assignee }) => `Assigned ${task_id} to ${assignee ?? 'none'}`,
    warns: ({ warning }) => warning,
    hint: ({ hint }) => hint,
  },
})
