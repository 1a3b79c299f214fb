/** Who is told about a task in a chat. */

import { z } from 'zod'
import { findId } from '../board/find.ts'
import {
  type Place,
  type Subscription,
  subscribe,
  subscriptions,
  unsubscribe,
} from '../board/subscriptions.ts'
import { platformNames } from '../config/platforms.ts'
import { nearest } from '../lib/nearest.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import type { Reader } from '../store/store.ts'
import { table } from './command/table.ts'
import { type Chat, type Context, operation } from './operation.ts'

const place = z.strictObject({
  task_id: field.taskRef.describe('the task'),
  platform: field.line
    .transform((name) => name.toLowerCase())
    .optional()
    .describe('telegram, discord, slack or webhook; in a chat its own'),
  chat_id: field.line.optional().describe('the chat, as its platform names it; in a chat its own'),
  thread_id: field.text
    .transform((id) => id.trim())
    .optional()
    .describe('a thread in it'),
})

const flags = {
  platform: '--platform <name>',
  chat_id: '--chat-id <chat>',
  thread_id: '--thread-id <thread>',
}

export const notifySubscribe = operation({
  name: 'notify_subscribe',
  summary: 'Tell a chat what happens to a task from now on.',
  audience: ['person'],
  effect: 'write',
  input: place.extend({ user_id: field.line.optional().describe('who asked for it') }),
  run: async (input, context) => {
    const { store } = await context.board()
    return store.write(async (tx) => {
      const at = await placeIn(tx, input, context)
      return { ...at, added: await subscribe(tx, at, input.user_id ?? null) }
    })
  },
  command: {
    path: ['notify-subscribe'],
    positional: { task_id: '<id>' },
    flags: { ...flags, user_id: '--user-id <user>' },
    examples: ['t_1a2b3c4d --platform telegram --chat-id 12345'],
    render: (at) =>
      `Subscribed ${at.task_id} to ${where(at)}${at.added ? '' : '  (it was already)'}`,
    hint: ({ platform }) => strangeness(platform),
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
      const at = await placeIn(tx, input, context)
      if (await unsubscribe(tx, at)) return at
      throw new BoardError(
        'not_found',
        `${where(at)} is not told about ${at.task_id}: \`notify-list ${at.task_id}\` names who is`,
      )
    })
  },
  command: {
    path: ['notify-unsubscribe'],
    positional: { task_id: '<id>' },
    flags,
    examples: ['t_1a2b3c4d --platform telegram --chat-id 12345'],
    render: (at) => `Unsubscribed ${at.task_id} from ${where(at)}`,
  },
})

export const notifyList = operation({
  name: 'notify_list',
  summary: 'List who is told about what.',
  audience: ['person'],
  effect: 'read',
  input: z.strictObject({ task_id: field.taskRef.optional().describe('of this task alone') }),
  run: async ({ task_id }, { board, chat }): Promise<Subscription[]> => {
    const { store } = await board()
    const all = await store.read(async (reader) =>
      subscriptions(reader, task_id && (await findId(reader, task_id))),
    )
    return chat === undefined ? all : all.filter((one) => isIn(chat, one))
  },
  command: {
    path: ['notify-list'],
    positional: { task_id: '[id]' },
    json: true,
    examples: ['t_1a2b3c4d'],
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

const platforms = [...platformNames, 'webhook']

/** Another program on this board may know a platform that we do not. */
function strangeness(platform: string): string | undefined {
  if (platforms.includes(platform)) return undefined
  const meant = nearest(platform, platforms)
  const hint = meant === undefined ? `it knows ${platforms.join(', ')}` : `did you mean ${meant}?`
  return `hermes gateway tells nothing to ${platform}: ${hint}`
}

/** The place that is meant: in a chat itself, and no other. */
async function placeIn(
  reader: Reader,
  input: z.output<typeof place>,
  { chat }: Context,
): Promise<Place> {
  const { platform = chat?.platform, chat_id = chat?.chat_id } = input
  if (platform === undefined || chat_id === undefined) {
    throw new BoardError('invalid', 'nobody was named: say which platform and which chat')
  }
  const thread_id = input.thread_id ?? chat?.thread_id ?? ''
  if (chat !== undefined && !isIn(chat, { platform, chat_id })) {
    throw new BoardError('forbidden', 'a chat decides only what it is told itself')
  }
  return { task_id: await findId(reader, input.task_id), platform, chat_id, thread_id }
}

function isIn(chat: Chat, { platform, chat_id }: Pick<Place, 'platform' | 'chat_id'>): boolean {
  return platform === chat.platform && chat_id === chat.chat_id
}

function where({ platform, chat_id, thread_id }: Place): string {
  return [platform, chat_id, thread_id].filter(Boolean).join(' ')
}
