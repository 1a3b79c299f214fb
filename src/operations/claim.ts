import { z } from 'zod'
import type { Board } from '../board/board.ts'
import { type Claimed, claim as claimTask, workIn } from '../board/claim.ts'
import { findId, getTask } from '../board/find.ts'
import { reclaim } from '../board/reclaim.ts'
import { token } from '../lib/ids.ts'
import * as field from '../model/fields.ts'
import { claimLock } from '../model/lock.ts'
import type { Task } from '../model/task.ts'
import { workspaceOfTask } from '../workers/workspace-of-task.ts'
import { type Context, operation } from './operation.ts'

export const claim = operation({
  name: 'claim',
  summary: 'Take a ready task to work on it yourself.',
  audience: ['person'],
  effect: 'write',
  input: z.strictObject({
    task_id: field.taskRef.describe('the task'),
    ttl: field.duration.optional().describe('how long the claim is good for: 90s, 30m, 2h'),
  }),
  run: async ({ task_id, ttl }, context) => {
    const board = await context.board()
    const { host, pid } = context.claimant
    const lease = { ttl: ttl ?? (await claimTtl(context)), host: null }
    const { claimed, task } = await board.store.write(async (tx) => {
      const id = await findId(tx, task_id)
      const lock = claimLock(host, pid, token())
      return { claimed: await claimTask(tx, id, { lock, ...lease }), task: await getTask(tx, id) }
    })
    if (claimed.run === null) throw claimed.refusal
    const workspace = await settleIn(board, task, claimed, context)
    return { task_id: task.id, run_id: claimed.run, workspace, expires: task.claim_expires }
  },
  command: {
    positional: { task_id: '<id>' },
    flags: { ttl: '--ttl <duration>' },
    examples: ['t_1a2b3c4d --ttl 2h'],
    render: ({ task_id, workspace }) => `Claimed ${task_id}\nWorkspace: ${workspace}`,
  },
})

/** A claim whose folder cannot be made is given back, so that it does not hold the task until it expires. */
async function settleIn(
  board: Board,
  task: Task,
  { run }: Exclude<Claimed, { readonly run: null }>,
  context: Context,
): Promise<string> {
  try {
    const workspace = await workspaceOfTask(task, board, context.environment)
    await board.store.write((tx) => workIn(tx, run, workspace))
    return workspace
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    await board.store.write((tx) => reclaim(tx, task.id, context.actor, reason))
    throw error
  }
}

/** Seconds that a claim is good for unless it is renewed. */
export async function claimTtl({ environment, config }: Context): Promise<number> {
  return environment.claimTtl ?? (await config()).claim_ttl_seconds
}
