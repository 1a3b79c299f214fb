/**
 * One run, from its claim to its end: prepares, starts the worker behind a gate, renews the lease,
 * watches the limits, and tells the board how it ended. It outlives the dispatcher that started it.
 */

import { type Board, openBoard } from '../board/board.ts'
import { adoptRun, start } from '../board/start.ts'
import type { Environment } from '../config.ts'
import { readTicket, removeRunFolder, type Ticket } from '../dispatcher/run-folder.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { identityOf } from '../lib/process.ts'
import type { End } from '../model/end.ts'
import { BoardError } from '../model/error.ts'
import { allOperations } from '../operations/registry.ts'
import type { Served } from '../operations/remote.ts'
import { startCommand } from './drivers/command.ts'
import { keepLease } from './lease.ts'
import { asked } from './notice.ts'
import { type Prepared, prepare } from './prepare.ts'
import { reportEnd } from './report-end.ts'
import { serveWorker } from './serve.ts'
import { runEnded } from './taken.ts'
import { watchOver } from './watch.ts'
import type { WorkerProcess } from './worker.ts'

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
  makeReady(options.log)
  const { run, lock, logMaxBytes } = ticket
  return watchOver({ ...options, ...prepared, worker, store: board.store, run, lock, logMaxBytes })
}

/**
 * The schemas of what the worker may ask for take 19 ms to make, which its start need not wait for:
 * in the package all code of the runner is one file, so an upgrade has nothing to replace any more.
 */
function makeReady(log: Log): void {
  allOperations().catch((error) => log.warn(`its operations cannot be loaded: ${sentence(error)}`))
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
      asked(options.signal, over.signal),
    ])
  } finally {
    over.abort()
  }
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
