/** The parts of a gateway that speak with chats, in this process, on a home of its own. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Board, openBoard } from '../../src/board/board.ts'
import { chooseBoard } from '../../src/board/places.ts'
import { needs, type PlatformName } from '../../src/config/platforms.ts'
import { type Environment, environment, readConfig } from '../../src/config.ts'
import { type ChatTiming, chatPart } from '../../src/gateway/chats/chat-part.ts'
import { library } from '../../src/gateway/chats/library.ts'
import { type NotifierTiming, notifierPart } from '../../src/gateway/notifier/notifier-part.ts'
import { keepGoing, type Part, type PartStatus } from '../../src/gateway/part.ts'
import { share } from '../../src/gateway/parts.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { logTo } from '../../src/lib/log.ts'
import { runCommandLine } from '../../src/operations/command/run.ts'
import { type Context, perform } from '../../src/operations/operation.ts'
import { newRoot } from '../operations/home.ts'
import { createLog, type Log } from './platforms/server.ts'

export interface Options {
  /** The platforms that it is to speak on. */
  readonly names: readonly PlatformName[]
  readonly variables: Readonly<Record<string, string>>
  /** config.yaml, as it is written. */
  readonly config: string
  readonly profiles?: readonly string[]
  /** Another gateway's home, whose board this one uses as well. */
  readonly beside?: Gateway
  readonly root?: string
  readonly chat?: ChatTiming
  readonly notifier?: NotifierTiming
}

export interface Gateway {
  readonly root: string
  readonly environment: Environment
  readonly board: Board
  /** What a part says of itself now. */
  status(name: string): PartStatus
  /** Resolves when what the part says fits. */
  when(name: string, fits: (status: PartStatus) => boolean): Promise<PartStatus>
  readonly logged: Log<string>
  /** Resolves when `look`, asked again after each commit to the board, finds it so. */
  until(look: () => Promise<boolean>): Promise<void>
  /** What `hermes kanban …` prints. */
  run(...argv: string[]): Promise<string>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever is printed
  json(...argv: string[]): Promise<any>
  configure(config: string): void
  stop(): Promise<void>
}

/** Short enough for tests, long enough for a busy machine. */
const quick = { chat: { poll: 5, patience: 5, waits: [50] }, notifier: { waits: [50], tries: [] } }

/** Throws the name of one that is not installed: else a test would wait for a part that has failed. */
async function loadLibraries(names: readonly PlatformName[]): Promise<void> {
  for (const name of names.flatMap((one) => needs[one].libraries)) {
    await library(name, () => import(name))
  }
}

export async function startGateway(options: Options): Promise<Gateway> {
  await loadLibraries(options.names)
  const root = options.root ?? newRoot()
  const configure = (config: string): void => writeFileSync(join(root, 'config.yaml'), config)
  configure(options.config)
  for (const name of options.profiles ?? []) {
    mkdirSync(join(root, 'profiles', name), { recursive: true })
  }
  const facts = environment({
    HOME: root,
    HERMES_KANBAN_HOME: root,
    PATH: process.env.PATH,
    ...(options.beside === undefined ? {} : { HERMES_KANBAN_DB: options.beside.board.database }),
    ...options.variables,
  })
  const board = await openBoard(await chooseBoard(facts), systemClock)
  const logged = createLog<string>()
  const stopping = new AbortController()
  const changes = createLog<null>()
  const onChange = (): void => changes.add(null)
  const shared = share({
    environment: facts,
    clock: systemClock,
    log: logTo(
      { write: (line: string) => logged.add(line) },
      { clock: systemClock, level: 'debug' },
    ),
    pid: process.pid,
    program: [],
    service: null,
    signal: stopping.signal,
  })
  const failures = new Map<string, string>()
  const parts: readonly Part[] = [
    ...options.names.map((name) =>
      chatPart(name, shared, onChange, { ...quick.chat, ...options.chat }),
    ),
    notifierPart(shared, onChange, { ...quick.notifier, ...options.notifier }),
  ]
  const going = parts.map((part) =>
    keepGoing(part, {
      signal: stopping.signal,
      log: shared.log,
      told(failure) {
        if (failure === null) failures.delete(part.name)
        else failures.set(part.name, failure)
        onChange()
      },
    }),
  )
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopped ??= (async () => {
      stopping.abort()
      await Promise.all(going)
      await board.store.close()
    })()
    return stopped
  }
  onTestFinished(stop)

  const context: Context = {
    environment: facts,
    board: async () => board,
    config: async () => (await readConfig(root)).config,
    actor: 'user',
    claimant: { host: 'desk', pid: 7 },
    program: [],
    signal: stopping.signal,
  }
  const status = (name: string): PartStatus => {
    const why = failures.get(name)
    const part = parts.find((one) => one.name === name)
    if (part === undefined) throw new Error(`there is no part ${name}`)
    return why === undefined ? part.status() : { state: 'failed', says: why, warning: null }
  }
  const run = async (...argv: string[]): Promise<string> => {
    const lines: string[] = []
    await runCommandLine(argv, {
      name: 'hermes kanban',
      style: { colour: false, width: undefined, now: systemClock() },
      out: (text) => lines.push(text),
      err: (line) => lines.push(line),
      stdin: async () => '',
      call: (operation, input) => perform(operation, input, context),
      live: false,
      debug: true,
    })
    return lines.join('\n')
  }
  const until = (look: () => Promise<boolean>): Promise<void> =>
    new Promise((resolve, reject) => {
      const again = (): void => {
        look().then((isSo) => {
          if (!isSo) return
          unwatch()
          resolve()
        }, reject)
      }
      const unwatch = board.store.watch(again)
      again()
    })
  return {
    root,
    until,
    environment: facts,
    board,
    status,
    async when(name, fits) {
      while (!fits(status(name))) await changes.count(changes.all.length + 1)
      return status(name)
    },
    logged,
    run,
    json: async (...argv) => JSON.parse(await run(...argv, '--json')),
    configure,
    stop,
  }
}
