/** A home of its own with real profiles, the real program, and a board to watch. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { type Board, openBoard } from '../../src/board/board.ts'
import { show } from '../../src/board/show.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { identityOf, isAlive, strays } from '../../src/lib/process.ts'
import { sql } from '../../src/store/sql.ts'
import type { Reader } from '../../src/store/store.ts'
import { expectInvariants } from '../board/invariants.ts'

const main = resolve('src/main.ts')

// Dozens of processes, each of which takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Gateway {
  readonly pid: number
  readonly log: () => string
  /** Resolves when it is gone. */
  end(signal: NodeJS.Signals): Promise<void>
}

export interface Home {
  readonly root: string
  readonly board: Board
  /** `hermes <words>` to its end. */
  hermes(...words: string[]): Promise<Ran>
  /** `hermes kanban create … --json`, which must succeed; returns the id. */
  create(title: string, ...flags: string[]): Promise<string>
  /** A profile whose workers run this shell script. */
  profile(name: string, script: string, more?: string): Promise<void>
  gateway(): Promise<Gateway>
  /** Waits until `look` gives something, asking again after every commit. */
  until<T>(what: string, look: (reader: Reader) => Promise<T | undefined | false>): Promise<T>
  /** Waits until the task is in one of these statuses and shows it. */
  comes(task: string, ...statuses: string[]): Promise<Awaited<ReturnType<typeof show>>>
}

/** Everything in it is ended and removed when the test is over. On another disk where `disk` names one. */
export async function makeHome(config = '', disk = tmpdir()): Promise<Home> {
  const root = await mkdtemp(join(disk, 'hermes home '))
  await writeFile(join(root, 'config.yaml'), `kanban:\n  retry_delay_seconds: 0.1\n${config}`)
  const env = { ...process.env, HERMES_KANBAN_HOME: root, NO_COLOR: '1' }
  const children = new Set<ChildProcess>()
  const place = {
    slug: 'default',
    database: join(root, 'kanban.db'),
    workspaces: join(root, 'kanban', 'workspaces'),
    logs: join(root, 'kanban', 'logs'),
  }
  const board = await openBoard(place, systemClock)

  onTestFinished(async () => {
    for (const child of children) child.kill('SIGKILL')
    await endRuns(board)
    await board.store.close()
    await rm(root, { recursive: true, force: true, maxRetries: 5 })
  })

  const home: Home = {
    root,
    board,
    async hermes(...words) {
      const child = spawn(process.execPath, [main, ...words], { env, cwd: root })
      const out = textOf(child.stdout)
      const err = textOf(child.stderr)
      const [code] = await once(child, 'close')
      return { code, out: out(), err: err() }
    },
    async create(title, ...flags) {
      const ran = await home.hermes('kanban', 'create', title, ...flags, '--json')
      if (ran.code !== 0) throw new Error(ran.err)
      return JSON.parse(ran.out).id
    },
    async profile(name, script, more = '') {
      const folder = join(root, 'profiles', name)
      await mkdir(folder, { recursive: true })
      const file = join(folder, 'work.sh')
      await writeFile(file, script)
      const command = JSON.stringify(['/bin/sh', file])
      await writeFile(join(folder, 'config.yaml'), `kanban:\n  command: ${command}\n${more}`)
    },
    async gateway() {
      const child = spawn(process.execPath, [main, 'gateway', 'run'], { env, cwd: root })
      children.add(child)
      const log = textOf(child.stderr)
      const gone = once(child, 'exit')
      await new Promise<void>((begun, reject) => {
        child.stderr.on('data', () => log().includes('dispatching') && begun())
        child.once('exit', () => reject(new Error(log())))
      })
      return {
        pid: child.pid ?? 0,
        log,
        async end(signal) {
          child.kill(signal)
          await gone
        },
      }
    },
    until(what, look) {
      return new Promise((found, failed) => {
        const timer = setTimeout(() => failed(new Error(`waited in vain until ${what}`)), 90_000)
        let again = Promise.resolve()
        const ask = async (): Promise<void> => {
          const value = await board.store.read(look)
          if (value === undefined || value === false) return
          clearTimeout(timer)
          unwatch()
          found(value)
        }
        const ring = (): void => {
          again = again.then(ask).catch(failed)
        }
        const unwatch = board.store.watch(ring)
        ring()
      })
    },
    comes(task, ...statuses) {
      return home.until(`${task} is ${statuses.join(' or ')}`, async (reader) => {
        const shown = await show(reader, task, 100)
        return statuses.includes(shown.task.status) && shown
      })
    },
  }
  return home
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.setEncoding('utf8')
  stream.on('data', (part: string) => {
    text += part
  })
  return () => text
}

/** Runners outlive what started them: those of a test that failed are ended with it. */
async function endRuns(board: Board): Promise<void> {
  interface Left {
    readonly runner_pid: number
    readonly runner_start: string
    readonly claim_lock: string
  }
  const left = await board.store.read((reader) =>
    reader.all<Left>(sql`
      select runner_pid, runner_start, claim_lock from task_runs
      where runner_pid is not null and exited_at is null`),
  )
  for (const { runner_pid, runner_start, claim_lock } of left) {
    if (isAlive(runner_pid, runner_start)) process.kill(runner_pid, 'SIGKILL')
    const token = claim_lock.split(':').at(-1) ?? ''
    for (const { pid } of strays(token)) if (identityOf(pid)) process.kill(pid, 'SIGKILL')
  }
}

/** Waits until every run has seen its last process go; then the board is sound. */
export async function allOver(home: Home): Promise<void> {
  await home.until('every process of every run is gone', async (reader) => {
    const left = await reader.get(
      sql`select 1 from task_runs where runner_pid is not null and exited_at is null`,
    )
    return left === undefined
  })
  await home.board.store.read(expectInvariants)
}

export function logOf(home: Home, task: string): Promise<string> {
  return readFile(join(home.board.logs, `${task}.log`), 'utf8')
}
