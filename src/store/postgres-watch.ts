import type { Client } from 'pg'
import { CONNECT_MS } from './postgres-pool.ts'
import { breakOff, breakWhenSilent } from './postgres-silence.ts'

/** Pauses between attempts to listen again, in milliseconds: each twice the one before. */
const BACK_OFF = { first: 100, last: 10_000 }

/** How often the server is asked whether it is still there, in milliseconds: a notice that is lost is not missed. */
const BEAT_MS = 15_000

/**
 * Calls `ring` on every notice on `channel`, and each time the connection is there again: what
 * happened in between was not heard. Does not keep the process alive. Returns what ends it.
 */
export function listen(createClient: () => Client, channel: string, ring: () => void): () => void {
  let stopped = false
  let wait = BACK_OFF.first
  let pause: NodeJS.Timeout | undefined
  let beat: NodeJS.Timeout | undefined
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
      await ask(fresh, `listen ${channel}`)
    } catch {
      again()
      return
    }
    wait = BACK_OFF.first
    if (stopped) return
    beat = setInterval(() => void ask(fresh, 'select 1').catch(again), BEAT_MS).unref()
    ring()
  }

  function restart(broken: Client): void {
    clearInterval(beat)
    end(broken)
    breakOff(broken)
    if (stopped) return
    pause = setTimeout(() => void start(), wait).unref()
    wait = Math.min(wait * 2, BACK_OFF.last)
  }

  void start()
  return () => {
    stopped = true
    clearTimeout(pause)
    clearInterval(beat)
    if (client !== undefined) end(client)
  }
}

async function ask(client: Client, text: string): Promise<void> {
  const silence = breakWhenSilent(client, CONNECT_MS)
  await client.query(text).finally(silence.over)
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
