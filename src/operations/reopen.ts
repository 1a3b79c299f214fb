import { z } from 'zod'
import { findId } from '../board/find.ts'
import { reopen as reopenTask } from '../board/reopen.ts'
import * as field from '../model/fields.ts'
import { operation } from './operation.ts'

export const reopen = operation({
  name: 'reopen',
  summary: 'Take up again what was done or archived; tasks after it wait again.',
  audience: ['person'],
  effect: 'write',
  input: z.strictObject({ task_id: field.taskRef.describe('the task') }),
  run: async ({ task_id }, context) => {
    const { store } = await context.board()
    return store.write(async (tx) => {
      const id = await findId(tx, task_id)
      const { to } = await reopenTask(tx, id)
      return { task_id: id, status: to }
    })
  },
  command: {
    positional: { task_id: '<id...>' },
    each: 'task_id',
    examples: ['t_1a2b3c4d'],
    render: ({ task_id, status }) => `Reopened ${task_id}  (${status})`,
  },
})
