import { z } from 'zod'
import { block as blockTask } from '../board/block.ts'
import { comment } from '../board/comment.ts'
import { findId } from '../board/find.ts'
import { questionMark } from '../board/overview/said.ts'
import { oneLine } from '../lib/text.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import type { Tx } from '../store/store.ts'
import { type Context, fenceFor, operation, refFor } from './operation.ts'

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
      return { task_id: id, run_id: await ask(tx, id, reason, context) }
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

/** Blocks it, with its question as a comment too, for whoever works on it next. Returns the run that this closed. */
export async function ask(
  tx: Tx,
  id: string,
  reason: string | undefined,
  context: Context,
): Promise<number | null> {
  const { run } = await blockTask(tx, id, { fence: fenceFor(context, id), reason })
  if (reason) await comment(tx, id, context.actor, `${questionMark}${reason}`)
  return run
}
