import { z } from 'zod'
import { findId } from '../board/find.ts'
import { unlink as unlinkTasks } from '../board/links.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import { operation } from './operation.ts'

export const unlink = operation({
  name: 'unlink',
  summary: 'Let a task no longer wait for another.',
  audience: ['operator', 'person'],
  effect: 'write',
  input: z.strictObject({
    parent_id: field.taskRef.describe('the task that was waited for'),
    child_id: field.taskRef.describe('the task that waited'),
  }),
  run: async ({ parent_id, child_id }, context) => {
    const { store } = await context.board()
    return store.write(async (tx) => {
      const parent = await findId(tx, parent_id)
      const child = await findId(tx, child_id)
      if (await unlinkTasks(tx, parent, child)) return { parent_id: parent, child_id: child }
      throw new BoardError(
        'not_found',
        `${child} does not wait for ${parent}: there is no such link; \`show ${child}\` names its parents`,
      )
    })
  },
  command: {
    positional: { parent_id: '<parent>', child_id: '<child>' },
    examples: ['t_1a2b3c4d t_5e6f7a8b'],
    render: ({ parent_id, child_id }) => `Unlinked ${parent_id} -> ${child_id}`,
  },
})
