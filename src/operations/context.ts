import { z } from 'zod'
import { workerContext } from '../board/context.ts'
import { findId } from '../board/find.ts'
import * as field from '../model/fields.ts'
import { operation, refFor } from './operation.ts'

export const context = operation({
  name: 'context',
  summary: 'Print what a worker of the task is told.',
  audience: ['worker', 'operator', 'person'],
  effect: 'read',
  input: z.strictObject({ task_id: field.taskRef.optional().describe('the task') }),
  run: async ({ task_id }, asking) => {
    const { store } = await asking.board()
    return store.read(async (reader) => {
      const id = await findId(reader, refFor(asking, task_id))
      return { task_id: id, worker_context: await workerContext(reader, id) }
    })
  },
  command: {
    positional: { task_id: '<id>' },
    json: true,
    examples: ['t_1a2b3c4d'],
    render: ({ worker_context }) => worker_context,
  },
})
