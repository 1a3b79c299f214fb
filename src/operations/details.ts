import { statSync } from 'node:fs'
import { z } from 'zod'
import { findId } from '../board/find.ts'
import { latestEventId } from '../board/history.ts'
import { notes } from '../board/overview/said.ts'
import { show } from '../board/show.ts'
import { whyIn } from '../dispatcher/why.ts'
import * as field from '../model/fields.ts'
import { logPath } from '../workers/log.ts'
import { aroundOf } from './around.ts'
import { operation } from './operation.ts'
import { onBoard } from './why.ts'

export const details = operation({
  name: 'details',
  summary: 'Show a task, everything around it, why it is where it is, and where its log is.',
  audience: ['person'],
  effect: 'read',
  input: z.strictObject({
    task_id: field.taskRef.describe('the task'),
    events: z.number().int().min(0).max(1000).default(200).describe('how many events, the latest'),
  }),
  run: async ({ task_id, events }, context) => {
    const board = await context.board()
    const around = await aroundOf(context)
    const found = await board.store.read(async (reader) => {
      const id = await findId(reader, task_id)
      return {
        ...(await show(reader, id, events)),
        why: await whyIn(reader, board, id, around),
        note: (await notes(reader, [id])).get(id) ?? null,
        latest_event_id: await latestEventId(reader),
        now: reader.now,
      }
    })
    const next = await onBoard(found.why.next, board, context)
    const why = { ...found.why, next }
    return { ...found, why, board: board.slug, log: logFacts(logPath(board.logs, found.task.id)) }
  },
})

/** As it is now: of `exists` and its size. */
export function logFacts(path: string) {
  const stats = statSync(path, { throwIfNoEntry: false })
  return { path, exists: stats !== undefined, size_bytes: stats?.size ?? 0 }
}
