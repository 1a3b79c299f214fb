import type { CallbackQuery, Message, Update } from 'grammy/types'
import type { Incoming } from './platform.ts'

/** What an update is to us; undefined for what is none of our business. `bot` is our own name there. */
export function telegramEvent(update: Update, bot: string): Incoming | undefined {
  if (update.message !== undefined) return messageEvent(update.message, bot)
  if (update.callback_query !== undefined) return buttonEvent(update.callback_query)
  return undefined
}

function messageEvent(message: Message, bot: string): Incoming | undefined {
  const { from } = message
  const text = message.text ?? message.caption
  if (from === undefined || from.is_bot || text === undefined) return undefined
  const command = /^\/kanban(?:@(\w+))?(?:\s+|$)/i.exec(text)
  const [typed, addressee] = command ?? []
  if (addressee !== undefined && addressee.toLowerCase() !== bot.toLowerCase()) return undefined
  const replied = message.reply_to_message?.message_id
  return {
    key: `message:${message.chat.id}:${message.message_id}`,
    ...spot(message),
    user: { id: String(from.id), name: from.username ?? '' },
    kind: typed === undefined ? 'message' : 'command',
    text: typed === undefined ? text : text.slice(typed.length),
    message_id: String(message.message_id),
    repliesTo: replied === undefined ? [] : [String(replied)],
    handle: null,
  }
}

function buttonEvent({ id, from, message, data }: CallbackQuery): Incoming | undefined {
  if (message === undefined || data === undefined) return undefined
  return {
    key: `button:${id}`,
    ...spot(message as Message),
    user: { id: String(from.id), name: from.username ?? '' },
    kind: 'button',
    text: data,
    message_id: String(message.message_id),
    repliesTo: [],
    handle: null,
  }
}

/** A reply outside of topics carries a thread of its own, in which nobody can write. */
function spot({ chat, message_thread_id, is_topic_message }: Message) {
  return {
    chat_id: String(chat.id),
    thread_id: is_topic_message && message_thread_id ? String(message_thread_id) : '',
    isPrivate: chat.type === 'private',
  }
}
