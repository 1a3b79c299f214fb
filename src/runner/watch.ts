import { setTimeout as pause } from 'node:timers/promises'
import { monotonic } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { endProcesses, groupIsEmpty } from '../lib/process.ts'
import type { End, Exit } from '../model/end.ts'
import { lockToken } from '../model/lock.ts'
import type { Store } from '../store/store.ts'
import { readTail, rotate } from '../workers/log.ts'
import { firstNotice } from './notice.ts'
import type { WorkerProcess } from './worker.ts'

export interface Watch {
  readonly worker: WorkerProcess
  readonly store: Store
  readonly run: number
  readonly lock: string
  /** Seconds; null without a cap. */
  readonly maxRuntime: number | null
  readonly logFile: string
  /** The line with which this run's part of the log begins. */
  readonly logHeader: string
  readonly logMaxBytes: number
  /** Aborted when the runner is asked to stop, with the reason. */
  readonly signal: AbortSignal
  readonly log: Log
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
  const rotation = setInterval(() => rotate(logFile, watch.logMaxBytes), 500)
  try {
    const notice = await firstNotice({ worker, store, run, limit, stop: signal })
    const { pid } = worker
    switch (notice.what) {
      case 'exited': {
        await groupLeft(pid)
        await endAll(lingerMs)
        return exitedAs(notice.exit, lastWords(logFile, logHeader))
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
        await endAll(graceMs)
        return { how: 'stopped', exit: await worker.exited, reason: notice.reason }
      }
    }
  } finally {
    clearInterval(rotation)
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

  function exitedAs(exit: Exit, said: string): End {
    return { how: 'exited', pid: worker.pid, exit, said }
  }
}

/** What was started in the background may still be writing the last line of the log. */
async function groupLeft(pgid: number): Promise<void> {
  const deadline = monotonic() + lingerMs
  while (!groupIsEmpty(pgid) && monotonic() < deadline) await pause(20)
}

/** What this run has said last, as far as it helps to understand its end. */
function lastWords(log: string, header: string): string {
  const tail = readTail(log, 2000)
  const own = tail.split(`${header}\n`).at(-1) ?? tail
  return own.trim().slice(-400)
}
