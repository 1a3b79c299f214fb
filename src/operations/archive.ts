import { z } from 'zod'
import { archive as archiveTask } from '../board/archive.ts'
import { findId } from '../board/find.ts'
import * as field from '../model/fields.ts'
import { operation } from './operation.ts'

export const archive = operation({
  name: 'archive',
  summary: 'Put a task away; tasks that wait for it no longer do.',
  audience: ['operator', 'person'],
  effect: 'write',
  input: z.strictObject({ task_id: field.taskRef.describe('the task') }),
  run: async ({ task_id }, context) => {
    const { store } = await context.board()
    return store.write(async (tx) => {
      const id = await findId(tx, task_id)
      const { run } = await archiveTask(tx, id)
      return { task_id: id, run_id: run }
    })
  },
  command: {
    positional: { task_id: '<id...>' },
    each: 'task_id',
    examples: ['t_1a2b3c4d t_5e6f7a8b'],
    render: ({ task_id }) => `Archived ${task_id}`,
  },
})
