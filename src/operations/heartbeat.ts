import { z } from 'zod'
import { findId } from '../board/find.ts'
import { heartbeat as beat } from '../board/heartbeat.ts'
import * as field from '../model/fields.ts'
import { claimTtl } from './claim.ts'
import { dateOf } from './command/style.ts'
import { fenceFor, operation, refFor } from './operation.ts'

export const heartbeat = operation({
  name: 'heartbeat',
  summary: 'Say that work on a claimed task goes on, and renew the claim.',
  audience: ['worker', 'person'],
  effect: 'write',
  input: z.strictObject({
    task_id: field.taskRef.optional().describe('the task'),
    note: field.text.optional().describe('how far the work is'),
  }),
  run: async ({ task_id, note }, context): Promise<Renewed> => {
    const { store } = await context.board()
    const ttl = await claimTtl(context)
    return store.write(async (tx) => {
      const id = await findId(tx, refFor(context, task_id))
      const expires = await beat(tx, id, { fence: fenceFor(context, id), note, ttl })
      return context.worker === undefined ? { task_id: id, expires } : { task_id: id }
    })
  },
  command: {
    positional: { task_id: '<id>' },
    flags: { note: '--note <text>' },
    examples: ['t_1a2b3c4d --note "7 of 12 files"'],
    render: ({ task_id, expires }) =>
      `Renewed ${task_id}${expires === undefined ? '' : `  (until ${dateOf(expires)})`}`,
  },
})

interface Renewed {
  readonly task_id: string
  /** For a person: the runner of a worker renews its claim anyway. */
  readonly expires?: number
}
