import { z } from 'zod'
import { feed } from '../board/feed.ts'
import { findId, statusOf } from '../board/find.ts'
import { events, latestEventId } from '../board/history.ts'
import type { Event } from '../model/event.ts'
import * as field from '../model/fields.ts'
import type { Reader } from '../store/store.ts'
import { interval } from './command/interval.ts'
import { liveLine } from './command/view/event.ts'
import { operation } from './operation.ts'

export const tail = operation({
  name: 'tail',
  summary: 'Show the latest events of a task, and go on as they happen.',
  audience: ['person'],
  effect: 'read',
  input: z.strictObject({
    task_id: field.taskRef.describe('the task'),
    events: z.number().int().min(0).max(1000).default(20).describe('how many to begin with'),
    wait: z.boolean().default(false).describe('end when the task is done, archived or blocked'),
  }),
  run: async ({ task_id, events: limit, wait }, { board, signal }) => {
    const { store } = await board()
    const start = await store.read(async (reader) => {
      const id = await findId(reader, task_id)
      const past = await events(reader, id, limit)
      return { id, past, cursor: await latestEventId(reader), atRest: await isAtRest(reader, id) }
    })
    if (wait && start.atRest) return passed(start.past)
    const live = feed(store, start.cursor, signal)
    return eventsOf(start.id, start.past, live, async (seen) => {
      if (!wait) return false
      // What happened since is told as well: the batch that brings it is on its way.
      return store.read(
        async (reader) =>
          (await latestEventId(reader)) <= seen && (await isAtRest(reader, start.id)),
      )
    })
  },
  command: {
    positional: { task_id: '<id>' },
    flags: { wait: '--wait' },
    shorthands: [interval],
    json: true,
    examples: ['t_1a2b3c4d', 't_1a2b3c4d --wait'],
    render: (event, _input, style) => liveLine(event, undefined, style),
  },
})

async function* passed(past: readonly Event[]) {
  yield* past
}

async function* eventsOf(
  id: string,
  past: readonly Event[],
  live: AsyncIterable<Event[]>,
  isOver: (seen: number) => Promise<boolean>,
) {
  yield* past
  for await (const batch of live) {
    yield* batch.filter((event) => event.task_id === id)
    if (await isOver(batch.at(-1)?.id ?? 0)) return
  }
}

/** Whether it stays as it is until somebody does something about it. One that was deleted does. */
async function isAtRest(reader: Reader, id: string): Promise<boolean> {
  return ['done', 'archived', 'blocked'].includes((await statusOf(reader, id)) ?? 'archived')
}
