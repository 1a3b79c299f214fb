import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Dispatcher } from './dispatcher.ts'
import { takeLock } from './lock.ts'

/** A burst of changes is one pass: this long after a pass the next one begins at the earliest. */
const breathMs = 15

/** How long a pass by hand may keep the loop waiting, in milliseconds. */
const patienceMs = 60_000

export interface Wake {
  /** Asks for a pass as soon as one is possible. */
  ring(): void
}

export interface LoopOptions {
  readonly root: string
  readonly clock: Clock
  readonly log: Log
  /** Seconds between two passes at the most. */
  readonly interval: () => Promise<number>
  readonly signal: AbortSignal
}

/** Passes whenever something changed, something held back is due, or the interval is over, until `signal`. */
export async function loop(
  open: (wake: Wake) => Dispatcher,
  { root, clock, log, interval, signal }: LoopOptions,
): Promise<void> {
  const bell = alarm(signal)
  const dispatcher = open({ ring: bell.ring })
  try {
    while (!signal.aborted) {
      bell.rearm()
      await passOnce(dispatcher)
      const due = dispatcher.nextAt()
      const longest = await interval()
      const wait = due === null ? longest : Math.min(longest, Math.max(0.1, due - clock()))
      await pause(breathMs)
      await bell.rung(wait * 1000)
    }
  } finally {
    bell.stop()
    await dispatcher.close()
  }

  async function passOnce(one: Dispatcher): Promise<void> {
    const lock = await takeLock(root, 'tick', patienceMs)
    if (lock === undefined) {
      log.warn(
        'another pass has held the lock for a minute: look for a hermes-kanban dispatch that hangs',
      )
      return
    }
    try {
      await one.pass()
    } catch (error) {
      log.error(`a pass failed: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      lock.release()
    }
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
