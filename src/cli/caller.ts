/** Where an operation of the command line is done: here, or inside a worker by its runner. */

import { hostname } from 'node:os'
import type { Board } from '../board/board.ts'
import { type Environment, readConfig, type WorkerFacts } from '../config.ts'
import { monotonic, systemClock } from '../lib/clock.ts'
import { neutralise } from '../lib/text.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import { parse } from '../model/parse.ts'
import type { Asked, Call } from '../operations/command/io.ts'
import { type Context, isLive, perform, type Worker } from '../operations/operation.ts'
import { programOf } from './program.ts'

export interface Caller {
  readonly call: Call
  close(): Promise<void>
}

export async function callerFor(environment: Environment, host: NodeJS.Process): Promise<Caller> {
  const { socket, lock } = environment.worker ?? {}
  if (socket !== undefined && lock !== undefined) return throughRunner(environment, socket, lock)
  return here(environment, host)
}

/** A worker never opens the database: its runner knows whose claim still counts. */
async function throughRunner(
  environment: Environment,
  socket: string,
  lock: string,
): Promise<Caller> {
  const { callOperation } = await import('../operations/remote/call.ts')
  return {
    call: (operation, input, asked) => {
      refuseDisguise(environment, asked)
      return callOperation(socket, lock, operation.name, input)
    },
    close: async () => {},
  }
}

function here(environment: Environment, host: NodeJS.Process): Caller {
  let stop: AbortController | undefined
  let opened: Promise<Board> | undefined
  const worker = workerOf(environment.worker)
  const progress = progressOn(host)
  const say = (line: string) => host.stderr.write(`hermes: ${neutralise(line)}\n`)

  /** Making one takes 0.1 ms of a start, and only what goes on listens to it. */
  function stopping(): AbortController {
    stop ??= new AbortController()
    return stop
  }

  function contextOf(asked: Asked): Context {
    if (worker !== undefined) refuseDisguise(environment, asked)
    const profile = asked.profile?.toLowerCase() ?? environment.profile
    const author = asked.author === undefined ? undefined : named(asked.author)
    return {
      environment,
      board: () => {
        opened ??= open(environment, asked.board, say)
        return opened
      },
      config: async () => (await readConfig(environment.root)).config,
      actor: author ?? profile ?? 'user',
      profile,
      claimant: { host: hostname(), pid: host.pid },
      program: programOf(host),
      worker,
      progress: progress.say,
      get signal() {
        return stopping().signal
      },
    }
  }

  return {
    async call(operation, input, asked) {
      const result = await perform(operation, input, contextOf(asked)).finally(progress.clear)
      if (isLive(result)) abortOnSignals(host, stopping())
      return result
    },
    async close() {
      const board = await opened?.catch(() => undefined)
      await board?.store.close()
    },
  }
}

/** One line that is written over, ten times a second at the most. Nothing where nobody watches. */
function progressOn(host: NodeJS.Process) {
  let shown = Number.NEGATIVE_INFINITY
  return {
    say(says: string): void {
      if (!host.stderr.isTTY || monotonic() - shown < 100) return
      shown = monotonic()
      host.stderr.write(`\r\x1b[2K${says}`)
    },
    clear(): void {
      if (shown > 0) host.stderr.write('\r\x1b[2K')
    },
  }
}

async function open(
  environment: Environment,
  slug: string | undefined,
  say: (line: string) => void,
): Promise<Board> {
  const [{ openBoard }, { chooseBoard, fellThrough }] = await Promise.all([
    import('../board/board.ts'),
    import('../board/places.ts'),
  ])
  const place = await chooseBoard(environment, slug)
  if (slug === undefined && environment.worker === undefined) {
    const odd = await fellThrough(environment, place)
    if (odd !== undefined) say(odd)
  }
  return openBoard(place, systemClock)
}

function named(author: string): string {
  return parse(field.line, author, 'act under this name')
}

/** Without its run's number and claim a process is a person's, whatever task its environment names. */
function workerOf(facts: WorkerFacts | undefined): Worker | undefined {
  if (facts?.runId === undefined || facts.lock === undefined) return undefined
  const { task, runId: run, lock, tenant } = facts
  return { task, fence: { run, lock }, tenant: tenant ?? null }
}

/** A worker acts as its own profile, on its own board. */
function refuseDisguise({ pins, profile }: Environment, asked: Asked): void {
  const faults = [
    asked.board !== undefined && asked.board !== pins.board && `--board ${asked.board}`,
    asked.profile !== undefined && asked.profile !== profile && `--profile ${asked.profile}`,
    asked.author !== undefined && asked.author !== profile && `the name ${asked.author}`,
  ].filter((fault) => fault !== false)
  if (faults.length === 0) return
  throw new BoardError(
    'forbidden',
    `${faults.join(' and ')} cannot be used inside a worker: it acts as its own profile on its own board; nothing was changed`,
  )
}

/** What goes on ends well when it is stopped; everything else may be stopped at any moment. */
function abortOnSignals(host: NodeJS.Process, stop: AbortController): void {
  function abort(): void {
    stop.abort()
    // It hears of that when its reader has taken what is printed, and this one does not.
    if (host.stdout.writableNeedDrain) host.exit()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) host.once(signal, abort)
}
