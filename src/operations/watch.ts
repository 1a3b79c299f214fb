import { z } from 'zod'
import { captions } from '../board/captions.ts'
import { feed } from '../board/feed.ts'
import { latestEventId } from '../board/history.ts'
import { type Event, eventKinds } from '../model/event.ts'
import * as field from '../model/fields.ts'
import { outlasting } from '../store/outlasting.ts'
import type { Store } from '../store/store.ts'
import type { Shorthand } from './command/binding.ts'
import { interval } from './command/interval.ts'
import { liveLine } from './command/view/event.ts'
import { operation } from './operation.ts'

const kindNames = Object.keys(eventKinds)

const input = z.strictObject({
  assignee: field.assignee
    .optional()
    .describe('only events of tasks of this assignee; none for those of nobody'),
  tenant: field.line.optional().describe('only events of tasks of this tenant'),
  kinds: z
    .array(
      z.string().refine((kind) => kindNames.includes(kind), {
        error: ({ input: kind }) =>
          `has ${JSON.stringify(kind)}, which is no kind of event: use ${kindNames.join(', ')}`,
      }),
    )
    .min(1, 'must name one or more')
    .optional()
    .describe('only these kinds of event'),
  since: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe('begin after the event with this number; 0 is all that is kept'),
})

const kinds: Shorthand = {
  flag: '--kinds <kinds>',
  says: 'only these kinds of event, with commas between',
  sets: ['kinds'],
  parse: (text) => ({
    kinds: text
      .split(',')
      .map((kind) => kind.trim())
      .filter(Boolean),
  }),
}

export const watch = operation({
  name: 'watch',
  summary: 'Show what happens on the board, as it happens.',
  audience: ['person'],
  effect: 'read',
  input,
  run: async (filter, { board, signal }) => {
    const { slug, store: opened } = await board()
    const store = outlasting(opened, signal)
    const cursor = filter.since ?? (await store.read(latestEventId))
    const live = happenings(store, filter, feed(store, cursor, signal))
    return { board: slug, [Symbol.asyncIterator]: () => live }
  },
  command: {
    flags: {
      assignee: '--assignee <profile>',
      tenant: '--tenant <name>',
      since: '--since <event>',
    },
    shorthands: [kinds, interval],
    json: ({ event }) => event,
    examples: ['--kinds completed,blocked,gave_up', '--assignee writer --json'],
    begins: ({ board }) => `watching the board ${board} until Ctrl-C: a line for each event`,
    render: ({ event, title }, _input, style) => liveLine(event, title, style),
  },
})

export interface Happening {
  readonly event: Event
  /** Undefined when the task is gone by now. */
  readonly title: string | undefined
}

async function* happenings(
  store: Store,
  filter: z.output<typeof input>,
  live: AsyncIterable<Event[]>,
): AsyncGenerator<Happening> {
  const whose = filter.assignee === 'none' ? null : filter.assignee
  for await (const batch of live) {
    const events = batch.filter(({ kind }) => filter.kinds?.includes(kind) ?? true)
    const about = await store.read((reader) =>
      captions(
        reader,
        events.map((event) => event.task_id),
      ),
    )
    for (const event of events) {
      const task = about.get(event.task_id)
      if (whose !== undefined && task?.assignee !== whose) continue
      if (filter.tenant !== undefined && task?.tenant !== filter.tenant) continue
      yield { event, title: task?.title }
    }
  }
}
