import { z } from 'zod'
import { findId } from '../board/find.ts'
import { lookAround } from '../dispatcher/by-hand.ts'
import { dispatcherAlive } from '../dispatcher/holder.ts'
import { why as whyTask } from '../dispatcher/why.ts'
import { systemClock } from '../lib/clock.ts'
import { silent } from '../lib/log.ts'
import * as field from '../model/fields.ts'
import { operation, refFor } from './operation.ts'

export const why = operation({
  name: 'why',
  summary: 'Say why a task is where it is, and what would move it.',
  audience: ['worker', 'operator', 'person'],
  effect: 'read',
  input: z.strictObject({
    task_id: field.taskRef.optional().describe('the task; a worker its own when left out'),
  }),
  run: async ({ task_id }, context) => {
    const { environment } = context
    const board = await context.board()
    const id = await board.store.read((reader) => findId(reader, refFor(context, task_id)))
    const host = await lookAround({
      environment,
      config: await context.config(),
      clock: systemClock,
      log: silent,
    })
    const { alive } = await dispatcherAlive(environment.root)
    return whyTask(board, id, host, alive)
  },
  command: {
    positional: { task_id: '<id>' },
    json: true,
    examples: ['t_1a2b3c4d'],
    render: ({ task_id, status, why: says, next }) =>
      [`${task_id} is ${status}: ${says}`, next && `→ ${next}`].filter(Boolean).join('\n'),
  },
})
