/** A worker's operations, served to it by the runner that looks after it. */

import { rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import type { z } from 'zod'
import { sameSecret } from '../../lib/secret.ts'
import { BoardError } from '../../model/error.ts'
import { parse } from '../../model/parse.ts'
import { workerOperations } from '../for-workers.ts'
import { type Context, isLive, type Operation, perform } from '../operation.ts'
import { type answer, linesOf, parsed, request } from './wire.ts'

/** Of one request, in bytes. */
const longestRequest = 4 * 1024 * 1024

export interface Serving {
  /** The claim's lock: who does not know it is told nothing. */
  readonly lock: string
  /** What the worker may do, and as whom. The signal is aborted when it hangs up. */
  readonly contextFor: (signal: AbortSignal) => Context
}

export interface Served {
  /** Hangs up on everybody; what was begun is finished. */
  close(): Promise<void>
}

/** Listens at `path`, in a folder that is ours alone; what another runner left there is removed. */
export async function serveOperations(path: string, serving: Serving): Promise<Served> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    void serve(socket, serving)
  })
  await rm(path, { force: true })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(path, resolve)
  await promise
  return {
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

async function serve(socket: Socket, serving: Serving): Promise<void> {
  const gone = new AbortController()
  socket.once('close', () => gone.abort())
  // A worker may be killed in the middle of a word; its end is seen by its runner, not here.
  socket.on('error', () => {})
  try {
    for await (const line of linesOf(socket, longestRequest)) {
      socket.write(`${JSON.stringify(await answerTo(line, serving, gone.signal))}\n`)
    }
    socket.end()
  } catch (error) {
    const last = `${JSON.stringify({ id: null, error: told(error) })}\n`
    socket.end(last, () => socket.destroy())
  }
}

/** Throws for what is no request at all, which ends the connection. */
async function answerTo(line: string, serving: Serving, signal: AbortSignal): Promise<object> {
  const { id, lock, operation, input } = parse(request, parsed(line), 'understand the request')
  try {
    if (!sameSecret(lock, serving.lock)) {
      throw new BoardError('forbidden', 'this socket belongs to another run; nothing was changed')
    }
    const result = await perform(named(operation), input, serving.contextFor(signal))
    if (isLive(result)) {
      throw new BoardError('usage', `${operation} that goes on is not served here: ask for it once`)
    }
    return { id, result }
  } catch (error) {
    return { id, error: told(error) }
  }
}

function named(name: string): Operation {
  const operation = workerOperations.get(name)
  if (operation !== undefined) return operation
  const theirs = [...workerOperations.keys()].join(', ')
  throw new BoardError(
    'forbidden',
    `${name} is not for workers: nothing was changed; use ${theirs}, or ask for it in a comment, or block`,
  )
}

function told(error: unknown): z.output<typeof answer>['error'] {
  if (error instanceof BoardError) {
    return { code: error.code, message: error.message, details: error.details }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'environment', message: `the runner failed: ${message}`, details: {} }
}
