import { setTimeout as pause } from 'node:timers/promises'
import { monotonic } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { machineError } from '../model/system-error.ts'
import type { Lock } from '../store/file-lock.ts'
import type { Dispatcher, Pass } from './dispatcher.ts'
import { takeLock } from './lock.ts'

/** A burst of changes is one pass: this long after a pass the next one begins at the earliest. */
const breathMs = 15

/** How long a pass by hand may keep the loop waiting before that is said, in milliseconds. */
const patienceMs = 60_000

/** How soon a loop that waits for a pass by hand hears that it is to stop, in milliseconds. */
const turnMs = 500

const hangs =
  'another pass has held the lock for a minute: look for a hermes-kanban dispatch that hangs'

/** How soon a pass is tried again that came to no end, in seconds. */
const againSeconds = 5

/** A timer holds 24 days at most. */
const longestTimerMs = 2 ** 31 - 1

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
  /** Told after each pass why nothing could be dispatched, and what kept it from some of the work. */
  readonly onPass?: (failure: string | null, fault: string | null) => void
}

/** Passes whenever something changed, something held back is due, or the interval is over, until `signal`. */
export async function loop(
  open: (wake: Wake) => Dispatcher,
  { root, log, interval, pass, signal, onPass = () => {} }: LoopOptions,
): Promise<void> {
  const bell = alarm(signal)
  const dispatcher = open({ ring: bell.ring })
  let failure: string | undefined
  try {
    while (!signal.aborted) {
      bell.rearm()
      const due = (await passOnce()) ? dispatcher.nextIn() : againSeconds
      const longest = await interval()
      const wait = due === null ? longest : Math.min(longest, Math.max(0.1, due))
      await pause(breathMs)
      await bell.rung(Math.min(wait * 1000, longestTimerMs))
    }
  } finally {
    bell.stop()
    await dispatcher.close()
  }

  /** False when it came to no end, which is said once. */
  async function passOnce(): Promise<boolean> {
    try {
      const had = await inTurn(() => dispatcher.pass(pass))
      if (failure !== undefined) log.info('passes go well again')
      failure = undefined
      if (!signal.aborted) onPass(had ? dispatcher.failure() : hangs, dispatcher.fault())
      return true
    } catch (error) {
      const { message } = machineError(error) ?? (error as Error)
      if (message !== failure) log.error(`a pass failed: ${message}`)
      failure = message
      onPass(`the last pass failed: ${message}`, null)
      return false
    }
  }

  /** False when its turn did not come. */
  async function inTurn(work: () => Promise<unknown>): Promise<boolean> {
    const lock = await turn()
    try {
      if (lock !== undefined) await work()
      else if (!signal.aborted) log.warn(hangs)
      return lock !== undefined
    } finally {
      lock?.release()
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
