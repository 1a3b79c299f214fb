import { z } from 'zod'
import { feed } from '../board/feed.ts'
import { findId } from '../board/find.ts'
import { events, latestEventId } from '../board/history.ts'
import type { Event } from '../model/event.ts'
import * as field from '../model/fields.ts'
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
  }),
  run: async ({ task_id, events: limit }, { board, signal }) => {
    const { store } = await board()
    const start = await store.read(async (reader) => {
      const id = await findId(reader, task_id)
      return { id, past: await events(reader, id, limit), cursor: await latestEventId(reader) }
    })
    return eventsOf(start.id, start.past, feed(store, start.cursor, signal))
  },
  command: {
    positional: { task_id: '<id>' },
    shorthands: [interval],
    json: true,
    examples: ['t_1a2b3c4d'],
    render: (event, _input, style) => liveLine(event, undefined, style),
  },
})

async function* eventsOf(id: string, past: readonly Event[], live: AsyncIterable<Event[]>) {
  yield* past
  for await (const batch of live) {
    for (const event of batch) if (event.task_id === id) yield event
  }
}
