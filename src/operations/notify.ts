/** Who is told about a task in a chat. */

import { z } from 'zod'
import { findId } from '../board/find.ts'
import { type Subscription, subscribe, subscriptions, unsubscribe } from '../board/subscriptions.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import { table } from './command/table.ts'
import { operation } from './operation.ts'

const place = z.strictObject({
  task_id: field.taskRef.describe('the task'),
  platform: field.line.describe('telegram, discord, slack or webhook'),
  chat_id: field.line.describe('the chat, as its platform names it'),
  thread_id: field.text.default('').describe('a thread in it'),
})

const flags = {
  platform: '--platform <name>',
  chat_id: '--chat-id <id>',
  thread_id: '--thread-id <id>',
}

const where = ({ platform, chat_id, thread_id }: z.output<typeof place>): string =>
  [platform, chat_id, thread_id].filter(Boolean).join(' ')

export const notifySubscribe = operation({
  name: 'notify_subscribe',
  summary: 'Tell a chat what happens to a task from now on.',
  audience: ['person'],
  effect: 'write',
  input: place.extend({ user_id: field.line.optional().describe('who asked for it') }),
  run: async ({ user_id, ...input }, context) => {
    const { store } = await context.board()
    return store.write(async (tx) => {
      const at = { ...input, task_id: await findId(tx, input.task_id) }
      return { ...at, added: await subscribe(tx, at, user_id ?? null) }
    })
  },
  command: {
    path: ['notify-subscribe'],
    positional: { task_id: '<id>' },
    flags: { ...flags, user_id: '--user-id <id>' },
    examples: ['t_1a2b3c4d --platform telegram --chat-id 12345'],
    render: (at) =>
      `Subscribed ${at.task_id} to ${where(at)}${at.added ? '' : '  (it was already)'}`,
  },
})

export const notifyUnsubscribe = operation({
  name: 'notify_unsubscribe',
  summary: 'Tell a chat no more about a task.',
  audience: ['person'],
  effect: 'write',
  input: place,
  run: async (input, context) => {
    const { store } = await context.board()
    return store.write(async (tx) => {
      const at = { ...input, task_id: await findId(tx, input.task_id) }
      if (await unsubscribe(tx, at)) return at
      throw new BoardError('not_found', `${where(at)} is not subscribed to ${at.task_id}`)
    })
  },
  command: {
    path: ['notify-unsubscribe'],
    positional: { task_id: '<id>' },
    flags,
    render: (at) => `Unsubscribed ${at.task_id} from ${where(at)}`,
  },
})

export const notifyList = operation({
  name: 'notify_list',
  summary: 'List who is told about what.',
  audience: ['person'],
  effect: 'read',
  input: z.strictObject({ task_id: field.taskRef.optional().describe('of this task alone') }),
  run: async ({ task_id }, context): Promise<Subscription[]> => {
    const { store } = await context.board()
    return store.read(async (reader) =>
      subscriptions(reader, task_id && (await findId(reader, task_id))),
    )
  },
  command: {
    path: ['notify-list'],
    positional: { task_id: '[id]' },
    json: true,
    render: (all, _input, style) =>
      all.length === 0
        ? 'Nobody is told about anything.'
        : table(
            all.map((one) => [
              { text: one.task_id },
              { text: where(one) },
              { text: one.user_id ?? '' },
              { text: `after event ${one.last_event_id}` },
            ]),
            style.width,
          ).join('\n'),
  },
})
