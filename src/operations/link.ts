import { z } from 'zod'
import { findId, idOr } from '../board/find.ts'
import { link as linkTasks } from '../board/links.ts'
import * as field from '../model/fields.ts'
import { operation } from './operation.ts'

export const link = operation({
  name: 'link',
  summary: 'Let a task wait for another: the child starts when the parent is done.',
  audience: ['worker', 'operator', 'person'],
  effect: 'write',
  input: z.strictObject({
    parent_id: field.taskRef.describe('the task that is done first'),
    child_id: field.taskRef.describe('the task that waits for it'),
  }),
  run: async ({ parent_id, child_id }, context) => {
    const { store } = await context.board()
    return store.write(async (tx) => {
      // A parent that does not exist is a fault of what is asked, as it is of a new task.
      const parent = await idOr(tx, parent_id)
      const child = await findId(tx, child_id)
      await linkTasks(tx, parent, child)
      return { parent_id: parent, child_id: child }
    })
  },
  command: {
    positional: { parent_id: '<parent>', child_id: '<child>' },
    examples: ['t_1a2b3c4d t_5e6f7a8b'],
    render: ({ parent_id, child_id }) => `Linked ${parent_id} -> ${child_id}`,
  },
})
