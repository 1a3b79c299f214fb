/** Telegram's Bot API as far as we use it: methods by POST, updates by long polling. */

import { createLog, json, type Local, type Log, serve, textOf } from './server.ts'

export interface Sent {
  readonly method: string
  readonly chat_id: string
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was sent
  readonly body: any
  readonly message_id: number
}

/** What a method answers in place of the usual; `hang` never does. */
export type Odd = { readonly error: object } | 'hang' | undefined

export interface Telegram extends Local {
  readonly token: string
  /** Messages sent and edited, in order. */
  readonly sent: Log<Sent>
  readonly calls: Log<string>
  readonly commands: () => readonly { command: string; description: string }[]
  /** Asked before each call. */
  odd: (method: string, body: Record<string, unknown>) => Odd
  /** Awaited when a message has been accepted, before that is said. */
  onAccepted: (sent: Sent) => Promise<void>
  /** Somebody writes. Resolves with the id of the message. */
  write(from: Person, chat: number, text: string, more?: object): number
  press(from: Person, sent: Sent, data: string): void
  push(update: object): void
}

export interface Person {
  readonly id: number
  readonly username?: string
}

export async function startTelegram(
  token = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw',
): Promise<Telegram> {
  const sent = createLog<Sent>()
  const calls = createLog<string>()
  const updates: { update_id: number }[] = []
  const polls = new Set<() => void>()
  let commands: { command: string; description: string }[] = [{ command: 'help', description: 'x' }]
  let ids = 100

  // biome-ignore lint/suspicious/noExplicitAny: whatever a client sends
  async function answer(method: string, body: any): Promise<unknown> {
    switch (method) {
      case 'getMe':
        return { id: 1, is_bot: true, first_name: 'Kanban', username: 'kanban_bot' }
      case 'getMyCommands':
        return commands
      case 'setMyCommands':
        commands = body.commands
        return true
      case 'getUpdates': {
        // A higher offset confirms what is below it.
        const confirmed = updates.findIndex(({ update_id }) => update_id >= (body.offset ?? 0))
        updates.splice(0, confirmed < 0 ? updates.length : confirmed)
        if (updates.length === 0) await poll((body.timeout ?? 0) * 1000)
        return updates
      }
      case 'sendMessage':
      case 'editMessageText': {
        const message_id = body.message_id ?? ++ids
        const accepted = {
          method,
          chat_id: String(body.chat_id),
          text: body.text,
          body,
          message_id,
        }
        sent.add(accepted)
        await telegram.onAccepted(accepted)
        return { message_id, chat: { id: body.chat_id }, date: 0, text: body.text }
      }
      default:
        return true
    }
  }

  function poll(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const over = (): void => {
        clearTimeout(timer)
        polls.delete(over)
        resolve()
      }
      const timer = setTimeout(over, ms)
      polls.add(over)
    })
  }

  const local = await serve(async (request, reply) => {
    const [, given, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? []
    const body = JSON.parse((await textOf(request)) || '{}')
    calls.add(method)
    if (given !== token) {
      return json(reply, { ok: false, error_code: 401, description: 'Unauthorized' }, 401)
    }
    const odd = telegram.odd(method, body)
    if (odd === 'hang') return
    if (odd !== undefined) {
      const error = odd.error as { error_code: number }
      return json(reply, { ok: false, ...error }, error.error_code)
    }
    reply.once('close', () => {
      for (const over of polls) over()
    })
    const result = await answer(method, body)
    if (!reply.destroyed) json(reply, { ok: true, result })
  })

  function push(update: object): void {
    updates.push({ update_id: ++ids, ...update })
    for (const over of [...polls]) over()
  }

  const telegram: Telegram = {
    ...local,
    token,
    sent,
    calls,
    commands: () => commands,
    odd: () => undefined,
    onAccepted: async () => {},
    push,
    write(from, chat, text, more = {}) {
      const message_id = ++ids
      const type = chat > 0 ? 'private' : 'supergroup'
      const message = { message_id, date: 0, from: person(from), chat: { id: chat, type }, text }
      push({ message: { ...message, ...more } })
      return message_id
    },
    press(from, { message_id, chat_id, text }, data) {
      const chat = { id: Number(chat_id), type: Number(chat_id) > 0 ? 'private' : 'supergroup' }
      const message = { message_id, chat, date: 0, text }
      push({ callback_query: { id: `${++ids}`, from: person(from), message, data } })
    },
  }
  return telegram
}

function person({ id, username }: Person) {
  return { id, is_bot: false, first_name: 'Somebody', username }
}
