/** A dashboard at a port of its own, and clients that talk to it over the network. */

import { connect } from 'node:net'
import { onTestFinished } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { type Board, openBoard } from '../../src/board/board.ts'
import { chooseBoard } from '../../src/board/places.ts'
import { environment, readConfig } from '../../src/config.ts'
import { installationToken } from '../../src/http/access/token.ts'
import { base } from '../../src/http/route.ts'
import { type Dashboard, serveDashboard } from '../../src/http/serve.ts'
import type { Event, Happened } from '../../src/http/types.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silent } from '../../src/lib/log.ts'
import { newRoot } from '../operations/home.ts'

export interface Served {
  readonly root: string
  readonly dashboard: Dashboard
  readonly token: () => string
  /** The board of the home, opened beside the server as another program would. */
  readonly board: Board
  /** A request with the token. */
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>
  readonly listen: (query?: string, options?: ClientOptions) => Client
  /** What comes back for a request line that no library would send. */
  readonly raw: (path: string) => Promise<string>
}

export interface Client {
  readonly socket: WebSocket
  readonly messages: readonly Happened[]
  readonly events: () => readonly Event[]
  /** Resolves with the events when there are so many. */
  readonly until: (count: number) => Promise<readonly Event[]>
  /** Resolves with the code when it is closed. */
  readonly closed: Promise<number>
}

export async function serve(): Promise<Served> {
  const root = newRoot()
  const facts = environment({ HOME: root, HERMES_KANBAN_HOME: root, PATH: process.env.PATH })
  const dashboard = await serveDashboard({
    ...{ environment: facts, clock: systemClock, log: silent, by: 'dashboard', port: 0 },
    ...{ pid: process.pid, program: [process.execPath] },
    config: async () => (await readConfig(root)).config,
    gateway: async () => null,
  })
  onTestFinished(() => dashboard.close())
  const token = await installationToken(root)
  const board = await openBoard(await chooseBoard(facts), systemClock)
  onTestFinished(() => board.store.close())
  const authorization = () => ({ authorization: `Bearer ${token()}` })
  return {
    ...{ root, dashboard, token, board },
    fetch: (path, init = {}) =>
      fetch(`${dashboard.url}${path}`, {
        ...init,
        headers: { ...authorization(), ...init.headers },
      }),
    listen(query = '', options = { headers: authorization() }) {
      return clientOf(
        new WebSocket(`${dashboard.url.replace('http', 'ws')}${base}/events${query}`, options),
      )
    },
    async raw(path) {
      const socket = connect(dashboard.port, '127.0.0.1')
      const head = [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${dashboard.port}`]
      const { authorization: bearer } = authorization()
      socket.end([...head, `Authorization: ${bearer}`, 'Connection: close', '', ''].join('\r\n'))
      let text = ''
      for await (const part of socket) text += part
      return text
    },
  }
}

function clientOf(socket: WebSocket): Client {
  const messages: Happened[] = []
  let wake = Promise.withResolvers<void>()
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)))
    wake.resolve()
    wake = Promise.withResolvers()
  })
  socket.on('error', () => {})
  // Not with `once`, which an error before it would end.
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  const events = () => messages.flatMap((message) => message.events)
  onTestFinished(() => socket.terminate())
  return {
    ...{ socket, messages, events, closed },
    async until(count) {
      while (events().length < count) {
        const next = wake.promise
        const code = await Promise.race([next, closed])
        if (code !== undefined && events().length < count) {
          throw new Error(`closed with ${code} after ${events().length} of ${count} events`)
        }
      }
      return events()
    },
  }
}
