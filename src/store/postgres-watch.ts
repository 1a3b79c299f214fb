import type { Client } from 'pg'

/** Pauses between attempts to listen again, in milliseconds: each twice the one before. */
const BACK_OFF = { first: 100, last: 10_000 }

/**
 * Calls `ring` on every notice on `channel`, and each time the connection is there again: what
 * happened in between was not heard. Does not keep the process alive. Returns what ends it.
 */
export function listen(createClient: () => Client, channel: string, ring: () => void): () => void {
  let stopped = false
  let wait = BACK_OFF.first
  let pause: NodeJS.Timeout | undefined
  let client: Client | undefined

  async function start(): Promise<void> {
    const fresh = createClient()
    client = fresh
    fresh.on('notification', ring)
    // Ends of the connection are told twice, as an error and as an end: the first one counts.
    const again = once(() => restart(fresh))
    fresh.on('error', again)
    fresh.on('end', again)
    try {
      await fresh.connect()
      unref(fresh)
      await fresh.query(`listen ${channel}`)
    } catch {
      again()
      return
    }
    wait = BACK_OFF.first
    if (!stopped) ring()
  }

  function restart(broken: Client): void {
    end(broken)
    if (stopped) return
    pause = setTimeout(() => void start(), wait).unref()
    wait = Math.min(wait * 2, BACK_OFF.last)
  }

  void start()
  return () => {
    stopped = true
    clearTimeout(pause)
    if (client !== undefined) end(client)
  }
}

/** The driver has it; its types do not. */
function unref(client: Client & { unref?(): void }): void {
  client.unref?.()
}

/** It may be broken already, and there is nothing left to do about it. */
function end(client: Client): void {
  client.end().catch(() => {})
}

function once(action: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    action()
  }
}
