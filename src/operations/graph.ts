import { z } from 'zod'
import { findId } from '../board/find.ts'
import { graph as graphOf } from '../board/graph.ts'
import * as field from '../model/fields.ts'
import { operation } from './operation.ts'

export const graph = operation({
  name: 'graph',
  summary: 'Show what waits for what: around a task, or on the whole board.',
  audience: ['person'],
  effect: 'read',
  input: z.strictObject({
    task_id: field.taskRef.optional().describe('only what is linked to this task, however far'),
  }),
  run: async ({ task_id }, context) => {
    const { store } = await context.board()
    return store.read(async (reader) =>
      graphOf(reader, task_id === undefined ? undefined : await findId(reader, task_id)),
    )
  },
})
