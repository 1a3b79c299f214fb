import { lstat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Board } from '../board/board.ts'
import { getTask } from '../board/find.ts'
import { type Environment, readConfig } from '../config.ts'
import type { Ticket } from '../dispatcher/ticket.ts'
import { privateFolder } from '../lib/files.ts'
import { socketPath } from '../lib/socket.ts'
import { BoardError } from '../model/error.ts'
import type { Context } from '../operations/operation.ts'
import { type Served, serveOperations } from '../operations/remote/serve.ts'

/** On whose behalf the worker's operations are done; aborted when whoever asked is gone. */
export type ContextFor = (signal: AbortSignal) => Context

export interface WorkerOptions {
  readonly ticket: Ticket
  readonly board: Board
  readonly environment: Environment
  readonly pid: number
  readonly program: readonly string[]
}

/**
 * The worker's part in its operations, fenced by its run: it cannot end another's run, leave its board,
 * pose as another, or create without end, however it asks.
 */
export async function contextOfWorker(options: WorkerOptions): Promise<ContextFor> {
  const { ticket, board, environment, pid, program } = options
  const task = await board.store.read((reader) => getTask(reader, ticket.task))
  const worker = {
    task: ticket.task,
    fence: { run: ticket.run, lock: ticket.lock },
    tenant: task.tenant,
    creations: { left: ticket.maxCreated },
  }
  return (signal) => ({
    environment,
    board: async () => board,
    config: async () => (await readConfig(ticket.root)).config,
    actor: ticket.profile,
    profile: ticket.profile,
    claimant: { host: 'worker', pid },
    program,
    worker,
    signal,
  })
}

/** Serves them on the run's socket, to whoever knows the lock of its claim. */
export async function serveWorker(
  folder: string,
  lock: string,
  contextFor: ContextFor,
): Promise<Served> {
  const path = socketPath(folder)
  await ownFolder(dirname(path))
  return serveOperations(path, { lock, contextFor })
}

/** The folder for sockets with long paths lies where everybody may write: it must be ours alone. */
async function ownFolder(folder: string): Promise<void> {
  await privateFolder(folder)
  const found = await lstat(folder)
  const ours = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0
  if (ours) return
  throw new BoardError(
    'environment',
    `${folder} must be a folder of yours with mode 0700, because sockets of workers are in it: remove it or mend its mode`,
  )
}
