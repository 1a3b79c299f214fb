/** What the local platforms have in common: an HTTP server on loopback that can go away and come back. */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Local {
  readonly url: string
  readonly port: number
  readonly server: () => Server
  /** Hangs up on everybody and refuses connections, until `up`. */
  down(): Promise<void>
  up(): Promise<void>
}

export type Handler = (request: IncomingMessage, answer: ServerResponse) => unknown

/** Gone when its test has ended. */
export async function serve(
  handler: Handler,
  onUp: (server: Server) => void = () => {},
): Promise<Local> {
  let server: Server
  let port = 0
  const sockets = new Set<Socket>()

  async function up(): Promise<void> {
    server = createServer((request, answer) => {
      Promise.resolve(handler(request, answer)).catch((error) => {
        answer.statusCode = 500
        answer.end(String(error))
      })
    })
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
    onUp(server)
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }

  async function down(): Promise<void> {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }

  await up()
  onTestFinished(down)
  return { url: `http://127.0.0.1:${port}`, port, server: () => server, down, up }
}

export async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += part
  return text
}

export function json(answer: ServerResponse, value: unknown, status = 200): void {
  answer.writeHead(status, { 'content-type': 'application/json' })
  answer.end(JSON.stringify(value))
}

/** Things that arrive one after another, to be looked at or waited for. */
export interface Log<T> {
  readonly all: readonly T[]
  add(one: T): void
  /** The first that fits, whether it is there already or not. */
  first(fits: (one: T) => boolean): Promise<T>
  /** Resolves when there are as many. */
  count(number: number): Promise<readonly T[]>
}

export function createLog<T>(): Log<T> {
  const all: T[] = []
  const waiting = new Set<() => void>()
  const when = <R>(look: () => R | undefined): Promise<R> =>
    new Promise((resolve) => {
      const again = (): void => {
        const found = look()
        if (found === undefined) return
        waiting.delete(again)
        resolve(found)
      }
      waiting.add(again)
      again()
    })
  return {
    all,
    add(one) {
      all.push(one)
      for (const again of [...waiting]) again()
    },
    first: (fits) => when(() => all.find(fits)),
    count: (number) => when(() => (all.length >= number ? all : undefined)),
  }
}
