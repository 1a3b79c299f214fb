import { z } from 'zod'
import { workerContext } from '../board/context.ts'
import { findId } from '../board/find.ts'
import { show as showTask } from '../board/show.ts'
import * as field from '../model/fields.ts'
import { shownLines } from './command/view/shown.ts'
import { operation, refFor } from './operation.ts'

export const show = operation({
  name: 'show',
  summary: 'Show a task and everything around it.',
  audience: ['worker', 'operator', 'person'],
  effect: 'read',
  input: z.strictObject({
    task_id: field.taskRef.optional().describe('the task; a worker its own when left out'),
    events: z.number().int().min(0).max(1000).default(20).describe('how many events, the latest'),
    worker_context: z.boolean().default(false).describe('what a worker of it is told, as well'),
  }),
  run: async (input, context) => {
    const { store } = await context.board()
    return store.read(async (reader) => {
      const id = await findId(reader, refFor(context, input.task_id))
      const shown = await showTask(reader, id, input.events)
      return input.worker_context
        ? { ...shown, worker_context: await workerContext(reader, id) }
        : shown
    })
  },
  command: {
    positional: { task_id: '<id>' },
    json: true,
    examples: ['t_1a2b3c4d', 't_1a2b --json'],
    render: (shown, _input, style) => shownLines(shown, style).join('\n'),
  },
})
