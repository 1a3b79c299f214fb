import { z } from 'zod'
import { complete as completeTask } from '../board/complete.ts'
import { findId } from '../board/find.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import * as form from '../model/forms.ts'
import { fenceFor, operation, refFor } from './operation.ts'

export const complete = operation({
  name: 'complete',
  summary: 'Finish a task and hand its result to the tasks that wait for it.',
  audience: ['worker', 'person'],
  effect: 'write',
  input: z.strictObject({
    task_id: field.taskRef.optional().describe('the task'),
    summary: field.text.optional().describe('what was done and found, for whoever goes on'),
    result: field.text.optional().describe('the result itself, kept on the task'),
    metadata: form.jsonObject.optional().describe('facts for programs, a JSON object'),
    created_cards: form.taskRefs.optional().describe('ids of the tasks you created on the way'),
  }),
  run: async (input, context) => {
    if (context.worker !== undefined && !input.summary?.trim() && !input.result?.trim()) {
      throw new BoardError(
        'invalid',
        'the task is unchanged: say what was done and found, as summary or result',
      )
    }
    const { store } = await context.board()
    const done = await store.write(async (tx) => {
      const id = await findId(tx, refFor(context, input.task_id))
      const handoff = { ...input, createdCards: input.created_cards, fence: fenceFor(context, id) }
      return { id, ...(await completeTask(tx, id, handoff)) }
    })
    if (done.refusal !== undefined) throw done.refusal
    return { task_id: done.id, run_id: done.run }
  },
  command: {
    positional: { task_id: '<id...>' },
    each: 'task_id',
    single: ['summary', 'metadata'],
    flags: {
      result: '--result <text>',
      summary: '--summary <text>',
      metadata: '--metadata <json>',
    },
    examples: [
      't_1a2b3c4d --summary "Library B is twice as fast"',
      `t_1a2b3c4d --result "see report.md" --metadata '{"files": 3}'`,
    ],
    render: ({ task_id }) => `Completed ${task_id}`,
  },
})
