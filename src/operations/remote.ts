/**
 * Operations over a unix socket, from a worker to the runner that looks after it, so that a worker
 * never opens the database. One JSON value a line: `{id, lock, operation, input}` is answered by
 * `{id, result}` or `{id, error: {code, message, details}}`. A connection carries any number of
 * requests, or none: whoever only wants to know when the runner ends waits for the end of the file.
 */

import { rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { z } from 'zod'
import { sameSecret } from '../lib/ids.ts'
import { BoardError, errorCodes } from '../model/error.ts'
import { parse } from '../model/parse.ts'
import { type Context, isLive, type Operation, perform } from './operation.ts'
import { findOperation, operationNames } from './registry.ts'

/** Of one request, in bytes. */
const longestRequest = 4 * 1024 * 1024

const request = z.object({
  id: z.union([z.number(), z.string()]),
  lock: z.string(),
  operation: z.string(),
  input: z.unknown(),
})

const answer = z.object({
  result: z.unknown().optional(),
  error: z
    .object({
      code: z.enum(errorCodes),
      message: z.string(),
      details: z.record(z.string(), z.unknown()).default({}),
    })
    .optional(),
})

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
    const result = await perform(await named(operation), input, serving.contextFor(signal))
    if (isLive(result)) {
      throw new BoardError('usage', `${operation} that goes on is not served here: ask for it once`)
    }
    return { id, result }
  } catch (error) {
    return { id, error: told(error) }
  }
}

async function named(name: string): Promise<Operation> {
  const operation = await findOperation(name)
  if (operation !== undefined) return operation
  throw new BoardError(
    'usage',
    `there is no operation ${name}: use one of ${operationNames.join(', ')}`,
  )
}

function told(error: unknown): z.output<typeof answer>['error'] {
  if (error instanceof BoardError) {
    return { code: error.code, message: error.message, details: error.details }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'environment', message: `the runner failed: ${message}`, details: {} }
}

/** Has the runner at `path` do an operation. Throws what it throws, or `environment` when it is gone. */
export async function callOperation(
  path: string,
  lock: string,
  operation: string,
  input: unknown,
): Promise<unknown> {
  const socket = connect(path)
  try {
    socket.write(`${JSON.stringify({ id: 1, lock, operation, input })}\n`)
    for await (const line of linesOf(socket)) {
      const { result, error } = parse(answer, parsed(line), 'understand the runner')
      if (error !== undefined) throw new BoardError(error.code, error.message, error.details)
      return result
    }
  } catch (error) {
    throw error instanceof BoardError ? error : runnerGone(error)
  } finally {
    socket.destroy()
  }
  throw runnerGone()
}

function runnerGone(cause?: unknown): BoardError {
  const why = cause instanceof Error ? ` (${cause.message})` : ''
  return new BoardError(
    'store_unreachable',
    `the runner of this run does not answer${why}: the run has probably ended, stop working on it`,
  )
}

async function* linesOf(
  socket: Socket,
  longest = Number.POSITIVE_INFINITY,
): AsyncGenerator<string> {
  let parts: Buffer[] = []
  let size = 0
  // Left open when a line is no good, for the answer that says so.
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    let rest = chunk
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      yield Buffer.concat([...parts, rest.subarray(0, end)]).toString()
      parts = []
      size = 0
      rest = rest.subarray(end + 1)
    }
    parts.push(rest)
    size += rest.length
    if (size > longest) {
      throw new BoardError('invalid', `a request has at most ${longest} bytes; nothing was changed`)
    }
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new BoardError('invalid', 'a line that is no JSON was sent; nothing was changed')
  }
}
