import { z } from 'zod'
import type { Board } from '../board/board.ts'
import { findId } from '../board/find.ts'
import { isChosen } from '../board/places.ts'
import { why as whyTask } from '../dispatcher/why.ts'
import * as field from '../model/fields.ts'
import { aroundOf } from './around.ts'
import { type Context, operation, refFor } from './operation.ts'

/** Commands, as they have to be typed where another board would be meant. */
export async function onBoard(next: string | null, board: Board, { environment }: Context) {
  const command = 'hermes kanban '
  if (!next?.includes(command) || (await isChosen(environment, board))) return next
  return next.replaceAll(command, `hermes kanban --board ${board.slug} `)
}

export const why = operation({
  name: 'why',
  summary: 'Say why a task is where it is, and what would move it.',
  audience: ['worker', 'operator', 'person'],
  effect: 'read',
  input: z.strictObject({
    task_id: field.taskRef.optional().describe('the task; a worker its own when left out'),
  }),
  run: async ({ task_id }, context) => {
    const board = await context.board()
    const id = await board.store.read((reader) => findId(reader, refFor(context, task_id)))
    const found = await whyTask(board, id, await aroundOf(context))
    return { ...found, next: await onBoard(found.next, board, context) }
  },
  command: {
    positional: { task_id: '<id>' },
    json: true,
    examples: ['t_1a2b3c4d'],
    render: ({ task_id, status, why: says, next }) =>
      [`${task_id} is ${status}: ${says}`, next && `→ ${next}`].filter(Boolean).join('\n'),
  },
})
