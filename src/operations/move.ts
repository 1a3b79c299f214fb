import { z } from 'zod'
import { findId } from '../board/find.ts'
import { shift } from '../board/shift.ts'
import * as field from '../model/fields.ts'
import { operation } from './operation.ts'

/** Everywhere else a verb of its own leads. */
const verbs = new Map<unknown, string>([
  ['running', 'claim'],
  ['blocked', 'block'],
  ['done', 'complete'],
  ['archived', 'archive'],
])

function leadsTo(status: unknown): string {
  const verb = verbs.get(status)
  return verb === undefined ? '' : `; ${verb} is what makes a task ${status}`
}

export const move = operation({
  name: 'move',
  summary: 'Move a task that is not finished to triage, todo or ready.',
  audience: ['person'],
  effect: 'write',
  input: z.strictObject({
    task_id: field.taskRef.describe('the task'),
    status: z
      .enum(['triage', 'todo', 'ready'], {
        error: ({ input }) => `must be triage, todo or ready${leadsTo(input)}`,
      })
      .describe('triage, todo or ready'),
  }),
  run: async ({ task_id, status }, context) => {
    const { store } = await context.board()
    return store.write(async (tx) => {
      const id = await findId(tx, task_id)
      return { task_id: id, status: await shift(tx, id, status) }
    })
  },
  command: {
    positional: { task_id: '<id>', status: '<status>' },
    examples: ['t_1a2b3c4d triage'],
    render: ({ task_id, status }) => `Moved ${task_id}  (${status})`,
  },
})
