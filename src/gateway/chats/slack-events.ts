import { z } from 'zod'
import type { Incoming } from './platform.ts'
import { plainText } from './slack-text.ts'
import { typedCommand } from './typed-command.ts'

const slashCommand = z.object({
  command: z.literal('/kanban'),
  text: z.string().default(''),
  user_id: z.string(),
  user_name: z.string().default(''),
  channel_id: z.string(),
  trigger_id: z.string(),
  response_url: z.string().optional(),
})

const message = z.object({
  event: z.object({
    type: z.enum(['message', 'app_mention']),
    subtype: z.enum(['thread_broadcast', 'file_share']).optional(),
    bot_id: z.undefined().optional(),
    channel: z.string(),
    user: z.string(),
    text: z.string().default(''),
    ts: z.string(),
    thread_ts: z.string().optional(),
  }),
})

const click = z.object({
  type: z.literal('block_actions'),
  trigger_id: z.string(),
  user: z.object({ id: z.string(), username: z.string().default('') }),
  channel: z.object({ id: z.string() }),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional() }),
  actions: z.tuple([z.object({ value: z.string() })]),
})

/** What an envelope is to us; undefined for what is none of our business. `bot` is our own user's id. */
export function slackEvent(type: string, body: unknown, bot: string): Incoming | undefined {
  if (type === 'slash_commands') return of(slashCommand, body, commandEvent)
  if (type === 'events_api') return of(message, body, ({ event }) => messageEvent(event, bot))
  if (type === 'interactive') return of(click, body, buttonEvent)
  return undefined
}

function of<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  event: (known: z.output<Schema>) => Incoming,
): Incoming | undefined {
  const known = schema.safeParse(body)
  return known.success ? event(known.data) : undefined
}

/** Slack has no commands in threads. */
function commandEvent(asked: z.output<typeof slashCommand>): Incoming {
  return {
    key: `command:${asked.trigger_id}`,
    chat_id: asked.channel_id,
    thread_id: '',
    isPrivate: isPrivate(asked.channel_id),
    user: { id: asked.user_id, name: asked.user_name },
    kind: 'command',
    text: plainText(asked.text),
    message_id: null,
    repliesTo: [],
    handle: asked.response_url ?? null,
  }
}

/** Every message of a channel begins a thread, in which it is answered. */
function messageEvent(said: z.output<typeof message>['event'], bot: string): Incoming {
  const { channel, user, ts, thread_ts: root } = said
  const text = plainText(said.text.replace(new RegExp(`^\\s*<@${bot}(\\|[^>]*)?>\\s*`), ''))
  const command = typedCommand(text)
  return {
    key: `message:${channel}:${ts}`,
    chat_id: channel,
    thread_id: root ?? (isPrivate(channel) ? '' : ts),
    isPrivate: isPrivate(channel),
    user: { id: user, name: '' },
    kind: command === undefined ? 'message' : 'command',
    text: command ?? text,
    message_id: ts,
    repliesTo: root === undefined || root === ts ? [] : [root],
    handle: null,
  }
}

function buttonEvent({ trigger_id, user, channel, message: on, actions }: z.output<typeof click>) {
  return {
    key: `button:${trigger_id}`,
    chat_id: channel.id,
    thread_id: on.thread_ts ?? on.ts,
    isPrivate: isPrivate(channel.id),
    user: { id: user.id, name: user.username },
    kind: 'button' as const,
    text: actions[0].value,
    message_id: on.ts,
    repliesTo: [],
    handle: null,
  }
}

function isPrivate(channel: string): boolean {
  return channel.startsWith('D')
}
