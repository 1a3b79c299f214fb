/** The network between a program and its database, as a test wants it: whole, cut, or silent. */

import { once } from 'node:events'
import { createServer, connect as dial, type Socket } from 'node:net'
import { join } from 'node:path'

export interface Network {
  /** The same database by way of this network. */
  readonly url: string
  /** Breaks every connection, and lets none through until `resume`. */
  cut(): void
  /** Swallows what either end says, and says nothing itself, until `resume`. */
  stall(): void
  /** Goes on silent for ever on the connections that there are, as a network does that has forgotten them. */
  forget(): void
  resume(): void
  /** Breaks the connection on which this text is sent next, when the server has answered it and before anybody hears. */
  swallowAnswerTo(text: string, andThen?: () => void): void
  close(): Promise<void>
}

interface Line {
  readonly client: Socket
  readonly server: Socket
}

/** To the database of `url`, which is reached by a socket in a folder. */
export async function startProxy(url: string): Promise<Network> {
  const [, user, database, folder = ''] = /^\w+:\/\/(\w+)@\/(\w+)\?host=(.+)$/.exec(url) ?? []
  const target = join(decodeURIComponent(folder), '.s.PGSQL.5432')
  const lines = new Set<Line>()
  const forgotten = new Set<Socket>()
  let state: 'whole' | 'cut' | 'stalled' = 'whole'
  let swallow: { readonly text: string; readonly andThen: () => void } | undefined

  const listener = createServer((client) => {
    if (state === 'cut') {
      client.destroy()
      return
    }
    const line = { client, server: dial(target) }
    lines.add(line)
    const end = (): void => {
      lines.delete(line)
      line.client.destroy()
      line.server.destroy()
    }
    for (const socket of [line.client, line.server]) {
      socket.setNoDelay(true)
      socket.on('error', () => {})
      // What is silent does not tell one end of the other's either.
      socket.on('close', () => state === 'stalled' || end())
      if (state === 'stalled') socket.pause()
    }
    let breakNow: (() => void) | undefined
    line.client.on('data', (data) => {
      if (swallow !== undefined && data.includes(swallow.text)) {
        breakNow = swallow.andThen
        swallow = undefined
      }
      line.server.write(data)
    })
    line.server.on('data', (data) => {
      if (breakNow === undefined) {
        line.client.write(data)
      } else {
        end()
        breakNow()
      }
    })
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  const port = typeof address === 'object' ? address?.port : undefined

  function breakAll(): void {
    for (const { client, server } of lines) {
      client.resetAndDestroy()
      server.destroy()
    }
    lines.clear()
  }

  return {
    url: `postgres://${user}@127.0.0.1:${port}/${database}`,
    cut() {
      state = 'cut'
      breakAll()
    },
    stall() {
      state = 'stalled'
      for (const { client, server } of lines) {
        client.pause()
        server.pause()
      }
    },
    forget() {
      for (const { client, server } of lines) {
        client.pause()
        server.pause()
        forgotten.add(client)
      }
      lines.clear()
    },
    resume() {
      state = 'whole'
      for (const { client, server } of lines) {
        client.resume()
        server.resume()
      }
    },
    swallowAnswerTo(text, andThen = () => {}) {
      swallow = { text, andThen }
    },
    async close() {
      breakAll()
      for (const client of forgotten) client.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}
