import { setTimeout as pause } from 'node:timers/promises'
import { type Clock, monotonic } from '../lib/clock.ts'
import { lastWords } from '../lib/last-words.ts'
import type { Log } from '../lib/log.ts'
import { endProcesses, groupIsEmpty } from '../lib/process.ts'
import type { End, Exit } from '../model/end.ts'
import { lockToken } from '../model/lock.ts'
import type { Store } from '../store/store.ts'
import { readTail, rotate } from '../workers/log.ts'
import type { Report } from '../workers/report.ts'
import type { Runtime } from '../workers/runtimes/runtime.ts'
import { marginOf } from './lease.ts'
import { firstNotice } from './notice.ts'
import { endBy, verdictIn, verdictOn } from './verdict.ts'
import type { WorkerProcess } from './worker.ts'

export interface Watch {
  readonly worker: WorkerProcess
  readonly runtime: Runtime
  readonly profile: string
  /** The task names a model of its own. */
  readonly ownModel: boolean
  readonly store: Store
  readonly run: number
  readonly lock: string
  /** Of its lease, in seconds. */
  readonly ttl: number
  /** Whose quota the worker uses. */
  readonly account?: string | undefined
  /** Seconds; null without a cap. */
  readonly maxRuntime: number | null
  readonly logFile: string
  /** The line with which this run's part of the log begins. */
  readonly logHeader: string
  readonly logMaxBytes: number
  /** How many older parts of it are kept. */
  readonly logBackups: number
  /** Aborted when the runner is asked to stop, with the reason. */
  readonly signal: AbortSignal
  readonly log: Log
  readonly clock: Clock
}

/** How long a worker that has told the board its end may take to leave by itself, in milliseconds. */
const farewellMs = 10_000

/** Between TERM and KILL, in milliseconds. */
const graceMs = 10_000

/** How long what a worker left in its group may take to end after a good exit, in milliseconds. */
const lingerMs = 2_000

/**
 * From an open gate to the end of the run's last process. The outcome is decided before the first signal
 * is sent; the board decides between it and a hand-off.
 */
export async function watchOver(watch: Watch): Promise<End> {
  const { worker, store, run, maxRuntime: limit, signal, logFile, logHeader, log } = watch
  const rotation = keepShort(watch)
  try {
    const notice = await firstNotice({ worker, store, run, limit, stop: signal })
    const { pid } = worker
    switch (notice.what) {
      case 'exited': {
        await groupLeft(pid)
        await endAll(lingerMs)
        return exitedAs(notice.exit, saidLast(logFile, logHeader), await worker.report?.())
      }
      case 'judged': {
        const { sigkill } = await endAll(graceMs)
        return endBy(notice.verdict, { ...watch, pid, exit: await worker.exited, sigkill })
      }
      case 'taken': {
        if (notice.outcome === 'completed' || notice.outcome === 'blocked') {
          await Promise.race([worker.exited, pause(farewellMs, undefined, { ref: false })])
        }
        await endAll(graceMs)
        return exitedAs(await worker.exited, '')
      }
      case 'overtime': {
        const { sigkill } = await endAll(graceMs)
        const exit = await worker.exited
        return { how: 'timed_out', pid, exit, elapsed: notice.elapsed, limit: limit ?? 0, sigkill }
      }
      case 'asked': {
        await endAll(graceFor(watch))
        return { how: 'stopped', exit: await worker.exited, reason: notice.reason }
      }
    }
  } finally {
    rotation.stop()
  }

  /** To the last process: what cannot be ended, in the kernel or another user's, is waited for. */
  async function endAll(grace: number): Promise<{ sigkill: boolean }> {
    const { pid: pgid, start } = worker
    const polite = () => Promise.race([worker.exited, worker.stop?.()])
    const group = { pgid, start, token: lockToken(watch.lock), graceMs: grace, polite }
    let sigkill = false
    for (;;) {
      const ended = await endProcesses(group)
      sigkill ||= ended.sigkill
      if (ended.left.length === 0) return { sigkill }
      log.warn(`still there: process ${ended.left.join(', ')}; end it by hand`)
      await pause(lingerMs)
    }
  }

  function exitedAs(exit: Exit, said: string, told: Report = {}): End {
    const { runtime, clock, account } = watch
    const { pid } = worker
    const words = exit.code === 0 ? undefined : verdictOn({ words: said }, runtime, clock())
    const verdict = verdictIn(told, exit, said) ?? words
    return verdict === undefined
      ? { how: 'exited', pid, exit, said, account }
      : endBy(verdict, { ...watch, pid, exit, sigkill: false })
  }
}

/** On a server a lease may be what was lost: asked politely, told, and sought elsewhere, all is gone before it ends. */
function graceFor({ store, ttl }: Watch): number {
  return store.dialect === 'sqlite' ? graceMs : Math.min(graceMs, marginOf(ttl) * 250)
}

/** A log that cannot be made shorter for the moment grows on: its worker must not suffer for it. */
function keepShort({ logFile, logMaxBytes, logBackups, log }: Watch): { stop(): void } {
  let failing = false
  const timer = setInterval(() => {
    try {
      rotate(logFile, logMaxBytes, logBackups)
      failing = false
    } catch (error) {
      if (!failing) log.warn(`the log of the worker was not rotated: ${String(error)}`)
      failing = true
    }
  }, 500)
  return { stop: () => clearInterval(timer) }
}

/** What was started in the background may still be writing the last line of the log. */
async function groupLeft(pgid: number): Promise<void> {
  const deadline = monotonic() + lingerMs
  while (!groupIsEmpty(pgid) && monotonic() < deadline) await pause(20)
}

/** Of a log as much as a deep stack trace is long, and of that what an error has room for beside how it ended. */
const tailBytes = 8000
const saidBytes = 460

/** What this run has said last, as far as it helps to understand its end. */
function saidLast(log: string, header: string): string {
  const tail = readTail(log, tailBytes)
  return lastWords(tail.split(`${header}\n`).at(-1) ?? tail, saidBytes)
}
