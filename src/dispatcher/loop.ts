import { setTimeout as pause } from 'node:timers/promises'
import { monotonic } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Lock } from '../store/file-lock.ts'
import type { Dispatcher, Pass } from './dispatcher.ts'
import { takeLock } from './lock.ts'

/** A burst of changes is one pass: this long after a pass the next one begins at the earliest. */
const breathMs = 15

/** How long a pass by hand may keep the loop waiting before that is said, in milliseconds. */
const patienceMs = 60_000

/** How soon a loop that waits for a pass by hand hears that it is to stop, in milliseconds. */
const turnMs = 500

export interface Wake {
  /** Asks for a pass as soon as one is possible. */
  ring(): void
}

export interface LoopOptions {
  readonly root: string
  readonly log: Log
  /** Seconds between two passes at the most. */
  readonly interval: () => Promise<number>
  /** What each pass keeps to. */
  readonly pass?: Pass
  readonly signal: AbortSignal
}

/** Passes whenever something changed, something held back is due, or the interval is over, until `signal`. */
export async function loop(
  open: (wake: Wake) => Dispatcher,
  { root, log, interval, pass, signal }: LoopOptions,
): Promise<void> {
  const bell = alarm(signal)
  const dispatcher = open({ ring: bell.ring })
  try {
    while (!signal.aborted) {
      bell.rearm()
      await passOnce(dispatcher)
      const due = dispatcher.nextIn()
      const longest = await interval()
      const wait = due === null ? longest : Math.min(longest, Math.max(0.1, due))
      await pause(breathMs)
      await bell.rung(wait * 1000)
    }
  } finally {
    bell.stop()
    await dispatcher.close()
  }

  async function passOnce(one: Dispatcher): Promise<void> {
    const lock = await turn()
    if (lock === undefined) {
      if (signal.aborted) return
      log.warn(
        'another pass has held the lock for a minute: look for a hermes-kanban dispatch that hangs',
      )
      return
    }
    try {
      await one.pass(pass)
    } catch (error) {
      log.error(`a pass failed: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      lock.release()
    }
  }

  async function turn(): Promise<Lock | undefined> {
    const deadline = monotonic() + patienceMs
    let lock: Lock | undefined
    while (lock === undefined && !signal.aborted && monotonic() < deadline) {
      lock = await takeLock(root, 'tick', turnMs)
    }
    return lock
  }
}

function alarm(signal: AbortSignal) {
  let rung = Promise.withResolvers<void>()
  let timer: NodeJS.Timeout | undefined
  const ring = (): void => rung.resolve()
  signal.addEventListener('abort', ring, { once: true })
  return {
    ring,
    rearm(): void {
      if (!signal.aborted) rung = Promise.withResolvers<void>()
    },
    async rung(ms: number): Promise<void> {
      timer = setTimeout(ring, ms)
      await rung.promise
      clearTimeout(timer)
    },
    stop(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', ring)
    },
  }
}
