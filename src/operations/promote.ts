import { z } from 'zod'
import { findId, getTask } from '../board/find.ts'
import { move } from '../board/move.ts'
import * as field from '../model/fields.ts'
import type { Tx } from '../store/store.ts'
import { operation } from './operation.ts'

export const promote = operation({
  name: 'promote',
  summary: 'Let a task out of triage.',
  audience: ['operator', 'person'],
  effect: 'write',
  input: z.strictObject({ task_id: field.taskRef.describe('the task') }),
  run: async ({ task_id }, context) => {
    const { store } = await context.board()
    return store.write(async (tx) => {
      const id = await findId(tx, task_id)
      return { task_id: id, status: await promoted(tx, id) }
    })
  },
  command: {
    positional: { task_id: '<id...>' },
    each: 'task_id',
    examples: ['t_1a2b3c4d'],
    render: ({ task_id, status }) => `Promoted ${task_id}  (${status})`,
  },
})

/** Out of triage. A task in todo that waits for others is not a person's to promote: that is refused. */
async function promoted(tx: Tx, id: string): Promise<string> {
  const { status } = await getTask(tx, id)
  const { to } = await move(tx, status === 'todo' ? 'promote' : 'specify', id)
  return to
}
