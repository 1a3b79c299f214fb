/**
 * One run, from its claim to its end: prepares, starts the worker behind a gate, renews the lease,
 * watches the limits, and tells the board how it ended. It outlives the dispatcher that started it.
 */

import { setTimeout as pause } from 'node:timers/promises'
import { type Board, openBoard } from '../board/board.ts'
import { adoptRun, start } from '../board/start.ts'
import type { Environment } from '../config.ts'
import { readTicket, removeRunFolder, type Ticket } from '../dispatcher/run-folder.ts'
import { type Clock, monotonic } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { endProcesses, groupIsEmpty, identityOf } from '../lib/process.ts'
import type { End, Exit } from '../model/end.ts'
import { BoardError } from '../model/error.ts'
import { lockToken } from '../model/lock.ts'
import type { Served } from '../operations/remote.ts'
import { readTail, rotate } from '../workers/log.ts'
import { startCommand, type WorkerProcess } from './drivers/command.ts'
import { keepLease } from './lease.ts'
import { type Prepared, prepare } from './prepare.ts'
import { reportEnd } from './report-end.ts'
import { serveWorker } from './serve.ts'
import { runEnded } from './taken.ts'

export interface RunnerOptions {
  readonly environment: Environment
  readonly clock: Clock
  readonly log: Log
  readonly pid: number
  /** Aborted when this runner is asked to stop, with the reason. */
  readonly signal: AbortSignal
}

/** Every run is started as its ticket says, whatever this process was started with. */
interface RunOptions extends RunnerOptions {
  readonly program: readonly string[]
}

/** Returns when no process of the run is left and the board knows it. Does nothing for a run that is not open any more. */
export async function runOne(folder: string, asStarted: RunnerOptions): Promise<void> {
  const ticket = await readTicket(folder)
  const { root, task, ttl, policy } = ticket
  const fence = { run: ticket.run, lock: ticket.lock }
  const lost = new AbortController()
  const options = {
    ...asStarted,
    program: ticket.program,
    // As it was at the claim, whatever this process was started with.
    environment: { ...asStarted.environment, root, claimTtl: ttl },
    signal: AbortSignal.any([asStarted.signal, lost.signal]),
  }
  const { clock, log, pid } = options
  const board = await openBoard(ticket.place, clock)
  const { store } = board
  try {
    const own = { pid, start: identityOf(pid) ?? '' }
    if (!(await store.write((tx) => adoptRun(tx, fence, own)))) return
    const onLoss = (): void => lost.abort('the board could not be reached before its lease ended')
    const lease = keepLease({ store, task, fence, ttl, log, onLoss })
    try {
      const end = await serveAndWork(ticket, board, folder, options)
      await reportEnd({ store, folder, task, fence, end, policy, log })
    } finally {
      lease.stop()
    }
    await removeRunFolder(folder)
  } finally {
    await store.close()
  }
}

async function serveAndWork(
  ticket: Ticket,
  board: Board,
  folder: string,
  options: RunOptions,
): Promise<End> {
  let server: Served
  try {
    server = await serveWorker(folder, { ...options, ticket, board })
  } catch (error) {
    return { how: 'not_started', error: sentence(error), counted: false }
  }
  try {
    return await work(ticket, board, folder, options)
  } finally {
    await server.close()
  }
}

/** From an adopted run to the end of its last process. What it throws is the end of the run as well. */
async function work(
  ticket: Ticket,
  board: Board,
  folder: string,
  options: RunOptions,
): Promise<End> {
  let prepared: Prepared
  let worker: WorkerProcess
  try {
    const ready = await prepareUnlessTaken(ticket, board, folder, options)
    if (typeof ready === 'string') return { how: 'stopped', exit: null, reason: ready }
    prepared = ready
    worker = await startCommand(prepared)
  } catch (error) {
    return notStarted(error, ticket.profile)
  }
  try {
    const { pid, start: began } = worker
    const at = { pid, start: began, workspace: prepared.workspace }
    const fence = { run: ticket.run, lock: ticket.lock }
    await board.store.write((tx) => start(tx, ticket.task, fence, at))
  } catch (error) {
    worker.refuse()
    return {
      how: 'stopped',
      exit: await worker.exited,
      reason: `the worker was not let in: ${sentence(error)}`,
    }
  }
  worker.open()
  return watchOver(ticket, board, prepared, worker, options)
}

/** A large checkout takes its time, and nobody who takes the task away should have to wait for it. */
async function prepareUnlessTaken(
  ticket: Ticket,
  board: Board,
  folder: string,
  options: RunOptions,
): Promise<Prepared | string> {
  const over = new AbortController()
  try {
    return await Promise.race([
      prepare(ticket, board, folder, options),
      runEnded(board.store, ticket.run, over.signal).then(() => 'taken away before it started'),
      asked(options.signal, over.signal).then(({ reason }) => reason),
    ])
  } finally {
    over.abort()
  }
}

type Notice =
  | { readonly what: 'exited'; readonly exit: Exit }
  | { readonly what: 'taken'; readonly outcome: string | null }
  | { readonly what: 'overtime'; readonly elapsed: number }
  | { readonly what: 'asked'; readonly reason: string }

/** How long a worker that has told the board its end may take to leave by itself, in milliseconds. */
const farewellMs = 10_000

/** Between TERM and KILL, in milliseconds. */
const graceMs = 10_000

/** How long what a worker left in its group may take to end after a good exit, in milliseconds. */
const lingerMs = 2_000

/** The outcome is decided before the first signal is sent; the board decides between it and a hand-off. */
async function watchOver(
  ticket: Ticket,
  board: Board,
  prepared: Prepared,
  worker: WorkerProcess,
  options: RunnerOptions,
): Promise<End> {
  const over = new AbortController()
  const began = monotonic()
  const rotation = setInterval(() => rotate(prepared.logFile, ticket.logMaxBytes), 500)
  const limit = prepared.maxRuntime
  try {
    const notice = await Promise.race<Notice>([
      worker.exited.then((exit) => ({ what: 'exited', exit })),
      runEnded(board.store, ticket.run, over.signal).then((run) => ({
        what: 'taken',
        outcome: run?.outcome ?? null,
      })),
      overtime(limit, began, over.signal),
      asked(options.signal, over.signal),
    ])
    const { pid } = worker
    switch (notice.what) {
      case 'exited': {
        await groupLeft(pid)
        await endAll(lingerMs)
        return exitedAs(notice.exit, lastWords(prepared.logFile, prepared.logHeader))
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
    over.abort()
  }

  /** To the last process: what cannot be ended, in the kernel or another user's, is waited for. */
  async function endAll(grace: number): Promise<{ sigkill: boolean }> {
    const token = lockToken(ticket.lock)
    const group = { pgid: worker.pid, start: worker.start, token, graceMs: grace }
    let sigkill = false
    for (;;) {
      const ended = await endProcesses(group)
      sigkill ||= ended.sigkill
      if (ended.left.length === 0) return { sigkill }
      options.log.warn(`still there: process ${ended.left.join(', ')}; end it by hand`)
      await pause(lingerMs)
    }
  }

  /** What was started in the background may still be writing the last line of the log. */
  async function groupLeft(pgid: number): Promise<void> {
    const deadline = monotonic() + lingerMs
    while (!groupIsEmpty(pgid) && monotonic() < deadline) await pause(20)
  }

  function exitedAs(exit: Exit, said: string): End {
    return { how: 'exited', pid: worker.pid, exit, said }
  }
}

/** A timer holds 24 days at most, so a longer limit is waited for in parts. */
const longestTimerMs = 2 ** 31 - 1

/** Resolves when the run has used up its time; never without a limit. */
async function overtime(limit: number | null, began: number, signal: AbortSignal): Promise<Notice> {
  if (limit === null) return new Promise(() => {})
  const left = (): number => began + limit * 1000 - monotonic()
  while (left() > 0 && !signal.aborted) {
    await pause(Math.min(left(), longestTimerMs), undefined, { signal }).catch(() => {})
  }
  return { what: 'overtime', elapsed: Math.round((monotonic() - began) / 1000) }
}

function asked(stop: AbortSignal, over: AbortSignal): Promise<Notice & { what: 'asked' }> {
  return new Promise((resolve) => {
    const tell = (): void => resolve({ what: 'asked', reason: String(stop.reason) })
    if (stop.aborted) tell()
    stop.addEventListener('abort', tell, { once: true, signal: over })
  })
}

/** What is wrong with a profile is not the task's fault and not counted. */
function notStarted(error: unknown, profile: string): End {
  const atFault = error instanceof BoardError && error.code === 'config'
  return {
    how: 'not_started',
    error: sentence(error),
    counted: !atFault,
    ...(atFault ? { profile } : {}),
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What this run has said last, as far as it helps to understand its end. */
function lastWords(log: string, header: string): string {
  const tail = readTail(log, 2000)
  const own = tail.split(`${header}\n`).at(-1) ?? tail
  return own.trim().slice(-400)
}
