import { z } from 'zod'
import { findId } from '../board/find.ts'
import { reclaim as reclaimTask } from '../board/reclaim.ts'
import * as field from '../model/fields.ts'
import { operation } from './operation.ts'

export const reclaim = operation({
  name: 'reclaim',
  summary: 'Take a running task back from its worker, which is ended.',
  audience: ['operator', 'person'],
  effect: 'write',
  input: z.strictObject({
    task_id: field.taskRef.describe('the task'),
    reason: field.text.optional().describe('why it is taken back'),
  }),
  run: async ({ task_id, reason }, context) => {
    const { store } = await context.board()
    return store.write(async (tx) => {
      const id = await findId(tx, task_id)
      const { to, run } = await reclaimTask(tx, id, context.actor, reason)
      return { task_id: id, run_id: run, status: to }
    })
  },
  command: {
    positional: { task_id: '<id>' },
    flags: { reason: '--reason <text>' },
    examples: ['t_1a2b3c4d --reason "wrong repository"'],
    render: ({ task_id, status }) => `Reclaimed ${task_id}  (${status})`,
  },
})
