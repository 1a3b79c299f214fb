/** A worker's operations, served to it by the runner that looks after it. */

import { rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import type { Context } from '../operation.ts'
import { linesOf } from './lines.ts'

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
    // Nothing that goes wrong with one who asks may end the runner.
    serve(socket, serving).catch(() => socket.destroy())
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

/**
 * What workers may have done is loaded when one first asks: it takes a third of the time in which a worker
 * starts. In the package it lies in the runner's own file, which is loaded already: an upgrade that
 * replaces the files of this program meanwhile changes nothing.
 */
function answering() {
  return import('./answer.ts')
}

async function serve(socket: Socket, serving: Serving): Promise<void> {
  const gone = new AbortController()
  socket.once('close', () => gone.abort())
  // A worker may be killed in the middle of a word; its end is seen by its runner, not here.
  socket.on('error', () => {})
  try {
    for await (const line of linesOf(socket, longestRequest)) {
      const { answerTo } = await answering()
      socket.write(`${JSON.stringify(await answerTo(line, serving, gone.signal))}\n`)
    }
    socket.end()
  } catch (error) {
    const { told } = await answering()
    const last = `${JSON.stringify({ id: null, error: told(error) })}\n`
    socket.end(last, () => socket.destroy())
  }
}
