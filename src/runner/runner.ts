/**
 * One run, from its claim to its end: prepares, starts the worker behind a gate, renews the lease,
 * watches the limits, and tells the board how it ended. It outlives the dispatcher that started it.
 */

import { type Board, openBoard } from '../board/board.ts'
import { renew } from '../board/heartbeat.ts'
import { noteSession } from '../board/session.ts'
import { adoptRun, type Process, start } from '../board/start.ts'
import type { Environment } from '../config.ts'
import { removeRunFolder, writeEnd } from '../dispatcher/run-folder.ts'
import { glanceAt, readTicket, type Ticket } from '../dispatcher/ticket.ts'
import { type Clock, monotonic } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { identityOf } from '../lib/process.ts'
import { messageOf } from '../lib/thrown.ts'
import type { End } from '../model/end.ts'
import { BoardError } from '../model/error.ts'
import { machineError } from '../model/system-error.ts'
import type { Served } from '../operations/remote/serve.ts'
import { outlast, outlasting } from '../store/outlasting.ts'
import type { Tx } from '../store/store.ts'
import { hostFor } from './acp-host.ts'
import { startCommand } from './drivers/command.ts'
import { keepLease } from './lease.ts'
import { asked } from './notice.ts'
import { type Prepared, prepare } from './prepare.ts'
import { type ContextFor, contextOfWorker, serveWorker } from './serve.ts'
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

/**
 * How long it is asked what became of a commit, in milliseconds: what the board may have is never done again,
 * and by then the run is another's.
 */
const longestDoubtMs = 24 * 3600 * 1000

/** Every run is started as its ticket says, whatever this process was started with. */
interface RunOptions extends RunnerOptions {
  readonly program: readonly string[]
  /** Told at each sign of life of the worker. */
  readonly onSign: () => void
}

/** Returns when no process of the run is left and the board knows it. Does nothing for a run that is not open any more. */
export async function runOne(folder: string, asStarted: RunnerOptions): Promise<void> {
  const ticket = await ticketIn(folder)
  const { root, task, ttl, policy } = ticket
  const fence = { run: ticket.run, lock: ticket.lock }
  const lost = new AbortController()
  let isHeard = false
  const options = {
    ...asStarted,
    program: ticket.program,
    // As it was at the claim, whatever this process was started with.
    environment: { ...asStarted.environment, root, claimTtl: ttl },
    signal: AbortSignal.any([asStarted.signal, lost.signal]),
    onSign: () => {
      isHeard = true
    },
  }
  const wasHeard = (): boolean => {
    const was = isHeard
    isHeard = false
    return was
  }
  const { clock, log, pid } = options
  const opening = { doubt: longestDoubtMs }
  const board = await outlast(options.signal, () => openBoard(ticket.place, clock, opening))
  const { store } = board
  try {
    let renewedAt = 0
    const isOurs = await outlast(options.signal, () => {
      renewedAt = monotonic()
      return store.write((tx) => adopt(tx, ticket, { pid, start: identityOf(pid) ?? '' }))
    })
    if (!isOurs) return
    const onLoss = (): void => lost.abort('the board could not be reached before its lease ended')
    const lease = keepLease({ store, task, fence, ttl, renewedAt, log, wasHeard, onLoss })
    try {
      // Whoever asks for the worker can wait for a server that is gone, for as long as the lease lasts.
      const patient = { ...board, store: outlasting(store, options.signal) }
      const end = await serveAndWork(ticket, patient, folder, options)
      const { reportEnd } = await import('./report-end.ts')
      await reportEnd({ store, folder, task, fence, end, policy, log })
    } finally {
      lease.stop()
    }
    await removeRunFolder(folder)
  } finally {
    await store.close()
  }
}

/** That one cannot be read is no failure of its task, and every other run of the board would only meet it again. */
async function ticketIn(folder: string): Promise<Ticket> {
  try {
    return await readTicket(folder)
  } catch (error) {
    const { place } = await glanceAt(folder)
    const end = { how: 'not_started', error: messageOf(error), counted: false } as const
    if (place !== undefined) await writeEnd(folder, { ...end, board: place.slug })
    throw error
  }
}

/** Its time begins now, however long the start has taken. */
async function adopt(tx: Tx, { task, run, lock, ttl }: Ticket, own: Process): Promise<boolean> {
  const fence = { run, lock }
  if (!(await adoptRun(tx, fence, own))) return false
  await renew(tx, task, fence, ttl)
  return true
}

async function serveAndWork(
  ticket: Ticket,
  board: Board,
  folder: string,
  options: RunOptions,
): Promise<End> {
  let server: Served
  let contextFor: ContextFor
  try {
    contextFor = await contextOfWorker({ ...options, ticket, board })
    server = await serveWorker(folder, ticket.lock, contextFor)
  } catch (error) {
    const said = messageOf(machineError(error) ?? error)
    return { how: 'not_started', error: said, counted: false, board: ticket.place.slug }
  }
  try {
    return await work(ticket, board, folder, { ...options, contextFor })
  } finally {
    await server.close()
  }
}

/** From an adopted run to the end of its last process. What it throws is the end of the run as well. */
async function work(
  ticket: Ticket,
  board: Board,
  folder: string,
  options: RunOptions & { readonly contextFor: ContextFor },
): Promise<End> {
  let prepared: Prepared
  let worker: WorkerProcess
  try {
    const ready = await prepareUnlessTaken(ticket, board, folder, options)
    if (typeof ready === 'string') return { how: 'stopped', exit: null, reason: ready }
    prepared = ready
    worker = await startWorker(prepared, ticket, board, options)
  } catch (error) {
    return notStarted(error, ticket)
  }
  try {
    const { pid, start: began } = worker
    const { workspace, model } = prepared
    const at = { pid, start: began, workspace, model }
    const fence = { run: ticket.run, lock: ticket.lock }
    await board.store.write((tx) => start(tx, ticket.task, fence, at))
  } catch (error) {
    worker.refuse()
    return {
      how: 'stopped',
      exit: await worker.exited,
      reason: `the worker was not let in: ${messageOf(error)}`,
    }
  }
  worker.open()
  const end = await watchOver({ ...ticket, ...prepared, ...options, worker, store: board.store })
  await noteUsage(worker, ticket, board, options.log)
  return end
}

/** Of an agent that is talked to it is known already. */
async function noteUsage(
  { report }: WorkerProcess,
  { run, lock }: Ticket,
  { store }: Board,
  log: Log,
): Promise<void> {
  const told = await report?.()
  if (told === undefined) return
  const { usageIn } = await import('../workers/report.ts')
  const usage = usageIn(told)
  if (usage === null) return
  await store
    .write((tx) => noteSession(tx, { run, lock }, { usage }))
    .catch((error: unknown) => log.warn(`what the run used up was not noted: ${String(error)}`))
}

/** An agent's driver takes much more memory than a command's, and is loaded where it is needed alone. */
async function startWorker(
  prepared: Prepared,
  { run, lock }: Ticket,
  { store }: Board,
  options: RunOptions & { readonly contextFor: ContextFor },
): Promise<WorkerProcess> {
  if (prepared.runtime.driver === 'command') return startCommand(prepared)
  const { startAcp } = await import('./drivers/acp/acp.ts')
  return startAcp(prepared, hostFor({ ...options, store, fence: { run, lock } }))
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

/** What is wrong with a profile or with the machine is not the task's fault and not counted. */
function notStarted(error: unknown, { profile, place }: Ticket): End {
  const machine = machineError(error)
  if (machine !== undefined) {
    return { how: 'not_started', error: machine.message, counted: false, board: place.slug }
  }
  if (isOfServer(error)) return { how: 'not_started', error: messageOf(error), counted: false }
  if (error instanceof BoardError && error.details.short === true) {
    return { how: 'not_started', error: error.message, counted: false, alone: true }
  }
  const atFault = error instanceof BoardError && error.code === 'config'
  return {
    how: 'not_started',
    error: messageOf(error),
    counted: !atFault,
    ...(atFault ? { profile } : {}),
  }
}

/** What a database server refuses belongs to neither task nor profile. */
function isOfServer(error: unknown): boolean {
  return error instanceof BoardError && error.details.place !== undefined
}
