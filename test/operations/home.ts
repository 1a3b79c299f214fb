/** A home of its own for each test, and the command line on it: in this process, or as the real program. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Board, openBoard } from '../../src/board/board.ts'
import { chooseBoard } from '../../src/board/places.ts'
import { environment, readConfig } from '../../src/config.ts'
import { systemClock } from '../../src/lib/clock.ts'
import type { Asked } from '../../src/operations/command/io.ts'
import { runCommandLine } from '../../src/operations/command/run.ts'
import type { Style } from '../../src/operations/command/style.ts'
import { type Context, perform } from '../../src/operations/operation.ts'

export interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Home {
  readonly root: string
  readonly board: Board
  /** What an operation is given here. */
  readonly context: (more?: Partial<Context>) => Context
  /** Runs a command line in this process. */
  readonly run: (...argv: string[]) => Promise<Said>
  /** As `run`, with more said about the place where it is shown. */
  readonly runOn: (place: Partial<Place>, ...argv: string[]) => Promise<Said>
  /** The JSON that a command prints. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever is printed
  readonly json: (...argv: string[]) => Promise<any>
  /** The id of a new task. */
  readonly create: (...argv: string[]) => Promise<string>
}

interface Place {
  readonly style: Style
  readonly stdin: string
  readonly live: boolean
  readonly context: Partial<Context>
  /** Called with each line as it is printed. */
  readonly onOut: (text: string) => void
}

export const plain: Style = { colour: false, width: undefined, now: 0 }

export function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'kanban-home-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  return root
}

export async function newHome(): Promise<Home> {
  const root = newRoot()
  const facts = environment({ HOME: root, HERMES_KANBAN_HOME: root, PATH: process.env.PATH })
  const board = await openBoard(await chooseBoard(facts), systemClock)
  onTestFinished(() => board.store.close())

  const context: Home['context'] = (more = {}) => ({
    environment: facts,
    board: async () => board,
    config: async () => (await readConfig(root)).config,
    actor: 'user',
    claimant: { host: 'desk', pid: 7 },
    program: [],
    signal: new AbortController().signal,
    ...more,
  })

  const asking = ({ board: slug, profile, author }: Asked): Partial<Context> => ({
    actor: author ?? profile ?? 'user',
    profile,
    ...(slug === undefined
      ? {}
      : { board: async () => openBoard(await chooseBoard(facts, slug), systemClock) }),
  })

  const runOn: Home['runOn'] = async (place, ...argv) => {
    const out: string[] = []
    const err: string[] = []
    const code = await runCommandLine(argv, {
      name: 'hermes kanban',
      style: place.style ?? { ...plain, now: systemClock() },
      out: (text) => {
        out.push(text)
        place.onOut?.(text)
      },
      err: (line) => err.push(line),
      stdin: async () => place.stdin ?? '',
      call: (operation, input, asked) =>
        perform(operation, input, context({ ...asking(asked), ...place.context })),
      live: place.live ?? false,
      debug: false,
    })
    return { code, out: out.join('\n'), err: err.join('\n') }
  }
  const run: Home['run'] = (...argv) => runOn({}, ...argv)
  return {
    root,
    board,
    context,
    run,
    runOn,
    json: async (...argv) => JSON.parse((await run(...argv, '--json')).out),
    create: async (...argv) => {
      const { out, err } = await run('create', ...argv)
      const id = /t_[0-9a-f]{8}/.exec(out)?.[0]
      if (id === undefined) throw new Error(err)
      return id
    },
  }
}

const main = join(import.meta.dirname, '../../src/main.ts')

export interface Spawned {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** Called with what has been printed so far; may stop the program. */
  readonly onOut?: (out: string, stop: () => void) => void
}

/** Runs the real program, as a shell would. */
export async function hermes(
  root: string,
  argv: readonly string[],
  { env = {}, stdin = '', onOut }: Spawned = {},
): Promise<Said> {
  const child = spawn(process.execPath, [main, ...argv], {
    env: { HOME: root, HERMES_KANBAN_HOME: root, PATH: process.env.PATH, ...env },
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text
    onOut?.(out, () => child.kill('SIGINT'))
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text
  })
  child.stdin.end(stdin)
  const [code] = await once(child, 'close')
  return { code, out, err }
}
