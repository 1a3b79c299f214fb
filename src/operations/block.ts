import { z } from 'zod'
import { block as blockTask } from '../board/block.ts'
import { comment } from '../board/comment.ts'
import { findId } from '../board/find.ts'
import { oneLine } from '../lib/text.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import { fenceFor, operation, refFor } from './operation.ts'

export const block = operation({
  name: 'block',
  summary: 'Stop work on a task until a person answers.',
  audience: ['worker', 'person'],
  effect: 'write',
  input: z.strictObject({
    task_id: field.taskRef.optional().describe('the task'),
    reason: field.text
      .transform((reason) => reason.trim())
      .optional()
      .describe('the question to be answered; also added as a comment'),
  }),
  run: async ({ task_id, reason }, context) => {
    if (context.worker !== undefined && !reason) {
      throw new BoardError(
        'invalid',
        'the task is unchanged: say in reason what has to be answered',
      )
    }
    const { store } = await context.board()
    return store.write(async (tx) => {
      const id = await findId(tx, refFor(context, task_id))
      const { run } = await blockTask(tx, id, { fence: fenceFor(context, id), reason })
      if (reason) await comment(tx, id, context.actor, `BLOCKED: ${reason}`)
      return { task_id: id, run_id: run }
    })
  },
  command: {
    positional: { task_id: '<id>', reason: '[reason...]' },
    flags: { task_id: '--ids <id...>' },
    each: 'task_id',
    examples: [
      't_1a2b3c4d which of the two accounts?',
      't_1a2b3c4d "waits for the key" --ids t_5e6f7a8b',
    ],
    render: ({ task_id }, { reason }) =>
      reason ? `Blocked ${task_id}: ${oneLine(reason)}` : `Blocked ${task_id}`,
  },
})
