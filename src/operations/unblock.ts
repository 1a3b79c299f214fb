import { z } from 'zod'
import { unblock as unblockTask } from '../board/block.ts'
import { findId } from '../board/find.ts'
import * as field from '../model/fields.ts'
import { operation } from './operation.ts'

export const unblock = operation({
  name: 'unblock',
  summary: 'Let a blocked task go on; its failures are forgotten.',
  audience: ['operator', 'person'],
  effect: 'write',
  input: z.strictObject({
    task_id: field.taskRef.describe('the task'),
    reason: field.text.optional().describe('why it may go on'),
  }),
  run: async ({ task_id, reason }, context) => {
    const { store } = await context.board()
    return store.write(async (tx) => {
      const id = await findId(tx, task_id)
      const { to } = await unblockTask(tx, id, reason)
      return { task_id: id, status: to }
    })
  },
  command: {
    positional: { task_id: '<id...>' },
    each: 'task_id',
    flags: { reason: '--reason <text>' },
    examples: ['t_1a2b3c4d --reason "the key is in the vault"'],
    render: ({ task_id, status }) => `Unblocked ${task_id}  (${status})`,
  },
})
