import { rm } from 'node:fs/promises'
import { z } from 'zod'
import { archive as archiveTask } from '../board/archive.ts'
import { stillEnding } from '../board/claim.ts'
import { findId, getTask } from '../board/find.ts'
import { remove } from '../board/remove.ts'
import { thisHost } from '../dispatcher/host.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import type { Tx } from '../store/store.ts'
import { logPath, olderParts } from '../workers/log.ts'
import { operation } from './operation.ts'

export const archive = operation({
  name: 'archive',
  summary: 'Put a task away; tasks that wait for it no longer do.',
  audience: ['operator', 'person'],
  effect: 'write',
  notForChats: ['delete'],
  input: z.strictObject({
    task_id: field.taskRef.describe('the task'),
    delete: z.boolean().default(false).describe('delete it with its history and its log, for good'),
  }),
  run: async (input, context) => {
    const board = await context.board()
    const here = await thisHost(context.environment.root)
    const done = await board.store.write(async (tx) => {
      const id = await findId(tx, input.task_id)
      const { status } = await getTask(tx, id)
      if (input.delete && status !== 'archived') await refuseAtWork(tx, id, here)
      const run = input.delete && status === 'archived' ? null : (await archiveTask(tx, id)).run
      if (input.delete) await remove(tx, id, context.actor, here)
      return { task_id: id, run_id: run, deleted: input.delete }
    })
    if (done.deleted) {
      const log = logPath(board.logs, done.task_id)
      for (const path of [log, ...olderParts(log)]) await rm(path, { force: true })
    }
    return done
  },
  command: {
    positional: { task_id: '<id...>' },
    flags: { delete: '--rm' },
    each: 'task_id',
    examples: ['t_1a2b3c4d t_5e6f7a8b', 't_1a2b3c4d --rm'],
    render: ({ task_id, deleted }) => `${deleted ? 'Deleted' : 'Archived'} ${task_id}`,
  },
})

/** Said before `remove` would: nobody has told that worker to end, and whoever waits for it waits for ever. */
async function refuseAtWork(tx: Tx, id: string, here: string): Promise<void> {
  const run = await stillEnding(tx, id, here)
  if (run === undefined) return
  throw new BoardError(
    'still_ending',
    `${id} cannot be deleted while run ${run} has a worker: archive it now, and delete it when that has ended`,
    { id, run },
  )
}
