/** Slack's Web API and socket mode as far as we use them. */

import type { IncomingMessage, Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { createLog, json, type Local, type Log, serve, textOf } from './server.ts'

export interface Posted {
  readonly method: string
  readonly channel: string
  readonly text: string
  readonly ts: string
  readonly thread_ts: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was sent
  readonly body: any
}

/** What a method answers in place of the usual; `hang` never does. */
export type Odd =
  | { readonly error: string }
  | { readonly status: number; readonly after?: number }
  | 'hang'
  | undefined

export interface Slack extends Local {
  readonly botToken: string
  readonly appToken: string
  readonly sent: Log<Posted>
  readonly calls: Log<string>
  /** What was answered to one user alone, by the address in a slash command. */
  readonly whispers: Log<{ readonly text: string; readonly response_type: string }>
  /** Ids of envelopes that were acknowledged. */
  readonly acknowledged: Log<string>
  /** Connections that were made. */
  readonly sockets: Log<WebSocket>
  odd: (method: string, body: Record<string, string>) => Odd
  /** Whether a socket that opens is greeted. */
  greets: boolean
  slash(user: Person, channel: string, text: string): string
  /** Resolves with its ts. */
  say(user: Person, channel: string, text: string, thread?: string, more?: object): string
  press(user: Person, posted: Posted, action: string): string
  /** Over the newest connection; the id of the envelope. */
  push(type: string, payload: object): string
}

export interface Person {
  readonly id: string
  readonly name: string
}

export async function startSlack(people: readonly Person[] = []): Promise<Slack> {
  const botToken = 'xoxb-1-bot'
  const appToken = 'xapp-1-app'
  const sent = createLog<Posted>()
  const calls = createLog<string>()
  const whispers = createLog<{ text: string; response_type: string }>()
  const acknowledged = createLog<string>()
  const sockets = createLog<WebSocket>()
  let ids = 0

  function listen(server: Server): void {
    const wss = new WebSocketServer({ server })
    wss.on('connection', (socket) => {
      socket.on('message', (data) => {
        const { envelope_id } = JSON.parse(String(data))
        if (envelope_id) acknowledged.add(envelope_id)
      })
      socket.on('error', () => {})
      if (slack.greets) socket.send(JSON.stringify({ type: 'hello', num_connections: 1 }))
      sockets.add(socket)
    })
  }

  function answer(method: string, body: Record<string, string>): object {
    switch (method) {
      case 'auth.test':
        return { ok: true, user: 'kanban', user_id: 'UBOT', team: 'Acme', team_id: 'T1' }
      case 'apps.connections.open':
        return { ok: true, url: `${local.url.replace('http', 'ws')}/link` }
      case 'chat.postMessage':
      case 'chat.update': {
        const ts = body.ts ?? `1700000000.${String(++ids).padStart(6, '0')}`
        const { channel = '', text = '', thread_ts } = body
        const parsed = { ...body, blocks: body.blocks && JSON.parse(body.blocks) }
        sent.add({ method, channel, text, ts, thread_ts, body: parsed })
        return { ok: true, ts, channel }
      }
      case 'users.info': {
        const user = people.find(({ id }) => id === body.user)
        return user === undefined ? { ok: false, error: 'user_not_found' } : { ok: true, user }
      }
      default:
        return { ok: false, error: 'unknown_method' }
    }
  }

  function isKnown(method: string, { headers }: IncomingMessage): boolean {
    const token = method === 'apps.connections.open' ? slack.appToken : slack.botToken
    return headers.authorization === `Bearer ${token}`
  }

  const local = await serve(async (request, reply) => {
    const text = await textOf(request)
    if (request.url === '/whisper') {
      whispers.add(JSON.parse(text))
      return json(reply, { ok: true })
    }
    const method = request.url?.replace('/api/', '') ?? ''
    const body = Object.fromEntries(new URLSearchParams(text))
    calls.add(method)
    if (!isKnown(method, request)) return json(reply, { ok: false, error: 'invalid_auth' })
    const odd = slack.odd(method, body)
    if (odd === 'hang') return
    if (odd === undefined) return json(reply, answer(method, body))
    if ('error' in odd) return json(reply, { ok: false, error: odd.error })
    if (odd.after !== undefined) reply.setHeader('retry-after', odd.after)
    json(reply, { ok: false }, odd.status)
  }, listen)

  function push(type: string, payload: object): string {
    const envelope_id = `e${++ids}`
    const socket = sockets.all.at(-1)
    socket?.send(JSON.stringify({ type, envelope_id, payload, accepts_response_payload: true }))
    return envelope_id
  }

  const slack: Slack = {
    ...local,
    url: `${local.url}/api/`,
    botToken,
    appToken,
    sent,
    calls,
    whispers,
    acknowledged,
    sockets,
    odd: () => undefined,
    greets: true,
    push,
    slash: ({ id, name }, channel_id, text) =>
      push('slash_commands', {
        command: '/kanban',
        text,
        user_id: id,
        user_name: name,
        channel_id,
        trigger_id: `t${++ids}`,
        response_url: `${local.url}/whisper`,
      }),
    say({ id }, channel, text, thread_ts, more = {}) {
      const ts = `1700000000.${String(++ids).padStart(6, '0')}`
      const event = { type: 'message', channel, user: id, text, ts, thread_ts, ...more }
      push('events_api', { type: 'event_callback', event_id: `Ev${ids}`, event })
      return ts
    },
    press: ({ id, name }, { channel, ts, thread_ts }, value) =>
      push('interactive', {
        type: 'block_actions',
        trigger_id: `t${++ids}`,
        user: { id, username: name },
        channel: { id: channel },
        message: { ts, thread_ts },
        actions: [{ action_id: value, value }],
      }),
  }
  return slack
}
