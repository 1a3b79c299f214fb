/** `WS /events`: what happens on a board, pushed to whoever may know. */

import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Board } from '../../board/board.ts'
import { BoardError } from '../../model/error.ts'
import { askingOf } from '../access/guard.ts'
import { base } from '../route.ts'
import type { Serving } from '../serving.ts'
import { createHub, type Hub } from './hub.ts'

export const socketPath = `${base}/events`

/** Close codes that a client acts on. */
const goingAway = 1001
const notAllowed = 1008
const tooSlow = 1013
const noBoard = 4404

/** What may wait for one reader, in bytes. Who is further behind comes back and reads on from its cursor. */
const mostWaiting = 1024 * 1024

/** A reader that has not answered since the last one is gone, in milliseconds. */
const pingMs = 30_000

/** How long a reader has to say goodbye when the server ends, in milliseconds. */
const goodbyeMs = 1_000

/** How soon a rotated token shuts out those who came in with the one before, in milliseconds. */
const rotationMs = 2_000

export interface Sockets {
  /** Says goodbye to everybody. */
  close(): void
}

export function serveSockets(server: Server, serving: Serving): Sockets {
  const { access } = serving
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4096 })
  const hubs = new WeakMap<Board, Hub>()
  const alive = new WeakMap<WebSocket, boolean>()
  const admitted = new WeakMap<WebSocket, string>()

  function hubOf(board: Board): Hub {
    const hub = hubs.get(board) ?? createHub(board)
    hubs.set(board, hub)
    return hub
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname !== socketPath) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    // Opened even to be refused: a page learns nothing of a handshake that failed, but reads a close code.
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on('error', () => opened.terminate())
      if (isAllowed(request, url)) void begin(opened, url)
      else opened.close(notAllowed, 'the token is missing or wrong, or a foreign page asks')
    })
  }

  function isAllowed(request: IncomingMessage, url: URL): boolean {
    const asking = askingOf('GET', request.headers)
    const token = url.searchParams.get('token')
    const ticket = url.searchParams.get('ticket')
    try {
      access.checkOrigin(asking)
      if (ticket !== null) return access.tickets.redeem(ticket)
      if (token !== null) return access.isToken(token)
      access.check(asking)
      return true
    } catch (error) {
      if (error instanceof BoardError) return false
      throw error
    }
  }

  async function begin(socket: WebSocket, url: URL): Promise<void> {
    alive.set(socket, true)
    admitted.set(socket, access.token())
    socket.on('pong', () => alive.set(socket, true))
    try {
      const board = await serving.boards.open(url.searchParams.get('board') ?? undefined)
      if (socket.readyState !== socket.OPEN) return
      const stop = hubOf(board).listen(sinceIn(url), {
        tell: (message) => send(socket, message),
        end: () => socket.close(goingAway, 'the board cannot be read: come back'),
      })
      socket.once('close', stop)
    } catch (error) {
      const why = error instanceof BoardError ? error.message : 'something unexpected went wrong'
      socket.close(noBoard, why.slice(0, 100))
    }
  }

  const pinging = setInterval(() => {
    for (const socket of sockets.clients) {
      if (alive.get(socket) === false) socket.terminate()
      alive.set(socket, false)
      socket.ping()
    }
  }, pingMs).unref()

  const rotating = setInterval(() => {
    for (const socket of sockets.clients) {
      if (admitted.get(socket) !== access.token()) socket.close(notAllowed, 'the token is another')
    }
  }, rotationMs).unref()

  server.on('upgrade', upgrade)
  return {
    close() {
      clearInterval(pinging)
      clearInterval(rotating)
      server.off('upgrade', upgrade)
      for (const socket of sockets.clients) socket.close(goingAway, 'the dashboard ends')
      sockets.close()
      // Who does not answer is not waited for.
      setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate()
      }, goodbyeMs).unref()
    },
  }
}

/** Resolves when it is on its way. Nothing is kept for a reader that does not keep up. */
function send(socket: WebSocket, message: string): Promise<void> {
  if (socket.bufferedAmount > mostWaiting) {
    socket.close(tooSlow, 'too slow: come back and read on after your cursor')
    return Promise.resolve()
  }
  return new Promise((resolve) => {
    socket.send(message, () => resolve())
  })
}

function sinceIn(url: URL): number {
  const since = Number(url.searchParams.get('since') || 0)
  return Number.isSafeInteger(since) && since > 0 ? since : 0
}
