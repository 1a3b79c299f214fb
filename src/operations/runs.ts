import { z } from 'zod'
import { findId } from '../board/find.ts'
import { runs as runsOf } from '../board/history.ts'
import * as field from '../model/fields.ts'
import { runLines } from './command/view/run.ts'
import { operation, refFor } from './operation.ts'

export const runs = operation({
  name: 'runs',
  summary: 'List the runs of a task, with what each handed over.',
  audience: ['worker', 'operator', 'person'],
  effect: 'read',
  input: z.strictObject({ task_id: field.taskRef.optional().describe('the task') }),
  run: async ({ task_id }, context) => {
    const { store } = await context.board()
    return store.read(async (reader) => {
      const id = await findId(reader, refFor(context, task_id))
      return runsOf(reader, id)
    })
  },
  command: {
    positional: { task_id: '<id>' },
    json: true,
    examples: ['t_1a2b3c4d'],
    render: (all, _input, style) =>
      all.length === 0 ? 'No runs yet.' : runLines(all, style).join('\n'),
  },
})
