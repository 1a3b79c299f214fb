/** Discord's REST and gateway socket as far as we use them. */

import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { createLog, json, type Local, type Log, serve, textOf } from './server.ts'

export interface Posted {
  readonly method: string
  readonly channel: string
  readonly content: string
  readonly id: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was sent
  readonly body: any
}

/** What a request is answered in place of the usual; `hang` never is. */
export type Odd =
  | { readonly status: number; readonly body?: object; readonly headers?: Record<string, string> }
  | 'hang'
  | undefined

export interface Identified {
  readonly intents: number
  readonly socket: WebSocket
  /** Whether it went on with an earlier session. */
  readonly resumed: boolean
}

export interface Discord extends Local {
  readonly token: string
  readonly sent: Log<Posted>
  /** `METHOD /path` of each request. */
  readonly calls: Log<string>
  readonly identified: Log<Identified>
  readonly commands: () => readonly { name: string; options: readonly unknown[] }[]
  odd: (call: string) => Odd
  /** The code with which an identification is answered, in place of being let in. */
  refuses: (intents: number) => number | undefined
  /** Connections that ask for a socket are left without an answer. */
  hangs: boolean
  slash(user: Person, channel: string, text?: string): string
  say(user: Person, channel: string, content: string, more?: object): string
  press(user: Person, posted: Posted, action: string): string
}

export interface Person {
  readonly id: string
  readonly username: string
}

export const guild = '900000000000000001'
export const channel = '910000000000000001'
/** A thread in the channel, begun from no message. */
export const thread = '910000000000000002'
/** Of ann alone. */
export const privateChannel = '920000000000000001'

const application = '800000000000000001'
const messageContent = 1 << 15

export async function startDiscord(): Promise<Discord> {
  const token = 'ODAwMDAw.GabcDE.fghijklmnopqrstuvwxyz'
  const sent = createLog<Posted>()
  const calls = createLog<string>()
  const identified = createLog<Identified>()
  let commands: { name: string; options: readonly unknown[] }[] = []
  let ids = 930000000000000000n
  let sequence = 0
  const nextId = (): string => String(++ids)

  function listen(server: Server): void {
    const wss = new WebSocketServer({ noServer: true })
    server.on('upgrade', (request, socket: Duplex, head) => {
      socket.on('error', () => {})
      if (discord.hangs) return
      wss.handleUpgrade(request, socket, head, (ws) => greet(ws))
    })
  }

  function greet(socket: WebSocket): void {
    const send = (op: number, d: unknown, more = {}): void =>
      socket.send(JSON.stringify({ op, d, ...more }))
    send(10, { heartbeat_interval: 20_000 })
    socket.on('error', () => {})
    socket.on('message', (data) => {
      const { op, d } = JSON.parse(String(data))
      if (op === 1) send(11, null)
      if (op === 2 || op === 6) {
        const code = op === 2 ? discord.refuses(d.intents) : undefined
        if (d.token !== token || code !== undefined) return socket.close(code ?? 4004)
        if (op === 6) dispatchTo(socket, 'RESUMED', {})
        else letIn(socket)
        identified.add({ intents: d.intents ?? 0, socket, resumed: op === 6 })
      }
    })
  }

  function letIn(socket: WebSocket): void {
    dispatchTo(socket, 'READY', {
      v: 10,
      user: { id: application, username: 'kanban', discriminator: '0', bot: true, flags: 0 },
      guilds: [{ id: guild, unavailable: true }],
      session_id: nextId(),
      resume_gateway_url: local.url.replace('http', 'ws'),
      application: { id: application, flags: 0 },
    })
    dispatchTo(socket, 'GUILD_CREATE', {
      id: guild,
      name: 'Acme',
      owner_id: '1',
      roles: [],
      emojis: [],
      features: [],
      members: [],
      channels: [{ id: channel, type: 0, name: 'general', position: 0, permission_overwrites: [] }],
      threads: [
        {
          id: thread,
          type: 11,
          name: 'talk',
          parent_id: channel,
          guild_id: guild,
          thread_metadata: {},
        },
      ],
      presences: [],
      voice_states: [],
      stage_instances: [],
      guild_scheduled_events: [],
      system_channel_flags: 0,
      premium_tier: 0,
    })
  }

  function dispatchTo(socket: WebSocket, t: string, d: unknown): void {
    socket.send(JSON.stringify({ op: 0, t, d, s: ++sequence }))
  }

  function dispatch(t: string, d: unknown): void {
    const { socket } = identified.all.at(-1) ?? {}
    if (socket !== undefined) dispatchTo(socket, t, d)
  }

  const local = await serve(async (request, reply) => {
    const text = await textOf(request)
    const path = (request.url ?? '').replace(/^\/api\/v10/, '').replace(/\?.*/, '')
    const call = `${request.method} ${path}`
    calls.add(call)
    const odd = discord.odd(call)
    if (odd === 'hang') return
    if (odd !== undefined) {
      for (const [name, value] of Object.entries(odd.headers ?? {})) reply.setHeader(name, value)
      return json(reply, odd.body ?? {}, odd.status)
    }
    const isOpen = /^\/(interactions|webhooks)\//.test(path)
    if (!isOpen && request.headers.authorization !== `Bot ${token}`) {
      return json(reply, { message: '401: Unauthorized', code: 0 }, 401)
    }
    const body = text === '' ? {} : JSON.parse(text)
    const [, place = '', own] = /^\/channels\/(\d+)\/messages(?:\/(\d+))?$/.exec(path) ?? []
    const [, interaction] = /^\/webhooks\/\d+\/([^/]+)\/messages\/@original$/.exec(path) ?? []
    if (call === 'GET /gateway/bot') {
      return json(reply, {
        url: local.url.replace('http', 'ws'),
        shards: 1,
        session_start_limit: { total: 1000, remaining: 999, reset_after: 1, max_concurrency: 1 },
      })
    }
    if (place !== '' || interaction !== undefined) {
      const id = own ?? nextId()
      const to = place === '' ? `@${interaction}` : place
      sent.add({ method: String(request.method), channel: to, content: body.content, id, body })
      return json(reply, { id, channel_id: to, content: body.content })
    }
    if (path === `/applications/${application}/commands`) {
      if (request.method === 'GET') return json(reply, commands.map(asCommand))
      commands = [...commands, body]
      return json(reply, asCommand(body))
    }
    reply.writeHead(204).end()
  }, listen)

  const asCommand = (body: object) => ({
    id: '1',
    application_id: application,
    version: '1',
    type: 1,
    ...body,
  })

  const where = (place: string) =>
    place === privateChannel
      ? { channel_id: place, channel: { id: place, type: 1 } }
      : {
          channel_id: place,
          guild_id: guild,
          channel: { id: place, type: place === thread ? 11 : 0, parent_id: channel },
        }

  const whose = (user: Person, place: string) => {
    const full = { ...user, discriminator: '0', avatar: null }
    return place === privateChannel
      ? { user: full }
      : { member: { user: full, roles: [], permissions: '0', joined_at: '2026-01-01T00:00:00Z' } }
  }

  const discord: Discord = {
    ...local,
    url: `${local.url}/api`,
    token,
    sent,
    calls,
    identified,
    commands: () => commands,
    odd: () => undefined,
    refuses: () => undefined,
    hangs: false,
    slash(user, place, text) {
      const id = nextId()
      dispatch('INTERACTION_CREATE', {
        id,
        application_id: application,
        type: 2,
        token: `tok${id}`,
        version: 1,
        ...where(place),
        ...whose(user, place),
        data: {
          id: '1',
          name: 'kanban',
          type: 1,
          options: text === undefined ? [] : [{ name: 'text', type: 3, value: text }],
        },
        entitlements: [],
        authorizing_integration_owners: {},
      })
      return id
    },
    say(user, place, content, more = {}) {
      const id = nextId()
      // Without the intent the content is there only for who is meant: the bot, by its name or a reply that calls it.
      const sees = ((identified.all.at(-1)?.intents ?? 0) & messageContent) !== 0
      const isMeant = content.includes(`<@${application}>`) || 'mentions' in more
      const shown = sees || isMeant || place === privateChannel ? content : ''
      dispatch('MESSAGE_CREATE', {
        id,
        type: 0,
        channel_type: place === privateChannel ? 1 : place === thread ? 11 : 0,
        ...where(place),
        author: { ...user, discriminator: '0', avatar: null },
        content: shown,
        timestamp: '2026-01-01T00:00:00Z',
        edited_timestamp: null,
        tts: false,
        mention_everyone: false,
        mentions: [],
        mention_roles: [],
        attachments: [],
        embeds: [],
        pinned: false,
        ...more,
      })
      return id
    },
    press(user, posted, custom_id) {
      const id = nextId()
      const place = posted.channel
      dispatch('INTERACTION_CREATE', {
        id,
        application_id: application,
        type: 3,
        token: `tok${id}`,
        version: 1,
        ...where(place),
        ...whose(user, place),
        message: {
          id: posted.id,
          type: 0,
          channel_id: place,
          author: { id: application, username: 'kanban', discriminator: '0', bot: true },
          content: posted.content,
          timestamp: '2026-01-01T00:00:00Z',
          mentions: [],
          mention_roles: [],
          attachments: [],
          embeds: [],
          components: [],
        },
        data: { custom_id, component_type: 2 },
        entitlements: [],
        authorizing_integration_owners: {},
      })
      return id
    },
  }
  return discord
}

/** As a client makes it: the author of the other message is called unless that is switched off. */
export function replyTo(posted: Posted, { calls = true } = {}): object {
  return {
    type: 19,
    message_reference: { message_id: posted.id, channel_id: posted.channel, guild_id: guild },
    ...(calls ? { mentions: [{ id: application, username: 'kanban', discriminator: '0' }] } : {}),
  }
}
