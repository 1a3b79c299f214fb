import { z } from 'zod'
import { comment as commentOn } from '../board/comment.ts'
import { findId } from '../board/find.ts'
import * as field from '../model/fields.ts'
import { operation, refFor } from './operation.ts'

export const comment = operation({
  name: 'comment',
  summary: 'Say something about a task, to whoever works on it next.',
  audience: ['worker', 'operator', 'person'],
  effect: 'write',
  input: z.strictObject({
    task_id: field.taskRef.optional().describe('the task'),
    body: field.words.describe('what is to be said'),
  }),
  run: async ({ task_id, body }, context) => {
    const { store } = await context.board()
    return store.write(async (tx) => {
      const id = await findId(tx, refFor(context, task_id))
      return { task_id: id, comment_id: await commentOn(tx, id, context.actor, body) }
    })
  },
  command: {
    positional: { task_id: '<id>', body: '<text...>' },
    author: '--author <name>',
    stdin: 'body',
    examples: ['t_1a2b3c4d "use the staging key"', 't_1a2b3c4d - < notes.md'],
    render: ({ task_id }) => `Commented on ${task_id}`,
  },
})
