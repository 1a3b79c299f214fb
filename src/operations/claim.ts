import { z } from 'zod'
import type { Board } from '../board/board.ts'
import { claim as claimTask, workIn } from '../board/claim.ts'
import { findId, getTask } from '../board/find.ts'
import { reclaim } from '../board/reclaim.ts'
import { thisHost } from '../dispatcher/host.ts'
import { token } from '../lib/ids.ts'
import { messageOf } from '../lib/thrown.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import * as form from '../model/forms.ts'
import { claimLock } from '../model/lock.ts'
import type { Fence } from '../model/run.ts'
import type { Task } from '../model/task.ts'
import { workspaceOfTask } from '../workers/workspace-of-task.ts'
import { dateOf } from './command/style.ts'
import { type Context, operation } from './operation.ts'

export const claim = operation({
  name: 'claim',
  summary: 'Take a ready task to work on it yourself.',
  audience: ['person'],
  effect: 'write',
  input: z.strictObject({
    task_id: field.taskRef.describe('the task'),
    ttl: form.duration.optional().describe('how long the claim is good for: 90s, 30m, 2h'),
  }),
  run: async ({ task_id, ttl }, context) => {
    const board = await context.board()
    const { host, pid } = context.claimant
    const here = await thisHost(context.environment.root)
    const lease = { ttl: ttl ?? (await claimTtl(context)), host: null, here }
    const lock = claimLock(host, pid, token())
    const { claimed, task } = await board.store.write(async (tx) => {
      const id = await findId(tx, task_id)
      return { claimed: await claimTask(tx, id, { lock, ...lease }), task: await getTask(tx, id) }
    })
    if (claimed.run === null) throw claimed.refusal
    const workspace = await settleIn(board, task, { run: claimed.run, lock }, context)
    return { task_id: task.id, run_id: claimed.run, workspace, expires: task.claim_expires }
  },
  command: {
    positional: { task_id: '<id>' },
    flags: { ttl: '--ttl <duration>' },
    examples: ['t_1a2b3c4d --ttl 2h'],
    render: ({ task_id, workspace, expires }, _input, style) =>
      [
        `Claimed ${task_id}`,
        `Workspace: ${workspace}`,
        // For somebody who looks; a script goes on at once.
        ...(style.width !== undefined && expires !== null
          ? [`Yours until ${dateOf(expires)}: heartbeat ${task_id} renews that`]
          : []),
      ].join('\n'),
  },
})

/** A claim whose folder cannot be made is given back, so that it does not hold the task until it expires. */
async function settleIn(board: Board, task: Task, fence: Fence, context: Context): Promise<string> {
  try {
    const workspace = await workspaceOfTask(task, board, context.environment)
    await board.store.write((tx) => workIn(tx, fence.run, workspace))
    return workspace
  } catch (error) {
    const reason = messageOf(error)
    await board.store
      .write((tx) => reclaim(tx, task.id, context.actor, reason, fence))
      .catch(unlessEnded)
    throw error
  }
}

/** A claim that somebody has taken back meanwhile needs no giving back. */
function unlessEnded(error: unknown): void {
  if (!(error instanceof BoardError && error.code === 'run_ended')) throw error
}

/** Seconds that a claim is good for unless it is renewed. */
export async function claimTtl({ environment, config }: Context): Promise<number> {
  return environment.claimTtl ?? (await config()).claim_ttl_seconds
}
