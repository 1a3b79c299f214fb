/** The built-in agent as a process of its own, before a model that is a script and a board that is real. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, watch } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import { brief } from '../../src/workers/brief.ts'
import type { Script } from '../endpoint/scenario.ts'
import { type Asked, startEndpoint } from '../endpoint/server.ts'
import { working } from '../mcp/session.ts'
import { type Home, newHome } from '../operations/home.ts'

const main = resolve('src/main.ts')

export interface Setting {
  /** Of the root's `kanban:`. */
  readonly config?: object
  /** Of the profile's `kanban:`. */
  readonly profile?: object
  readonly protocol?: 'openai' | 'anthropic' | 'google'
  readonly env?: Readonly<Record<string, string>>
}

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Agent {
  readonly child: ChildProcess
  /** All that it has printed so far. */
  readonly out: () => string
  readonly ended: Promise<Ended>
  /** Resolves once it has printed this. */
  prints(text: string): Promise<void>
}

/** Resolves once there is a file of that name in the folder. */
export async function appears(folder: string, name: string): Promise<void> {
  const { promise, resolve: found } = Promise.withResolvers<void>()
  const look = (): void => {
    if (existsSync(join(folder, name))) found()
  }
  const watcher = watch(folder, look)
  look()
  await promise
  watcher.close()
}

export interface Place {
  readonly home: Home
  /** Where a worker of the profile `writer` works. */
  readonly folder: string
  /** Requests that the model was asked, in order. */
  readonly asked: readonly Asked[]
  /** Resolves once there were so many of them. */
  readonly until: (count: number) => Promise<void>
  /** `hermes <argv>`, with nothing that makes it a worker. */
  start(argv: readonly string[], stdin?: string): Agent
}

export interface Work extends Place {
  readonly task: string
  /** `hermes chat -q -` as the runner starts it, its brief on stdin. */
  work(...argv: string[]): Agent
  /** The same with another prompt. */
  workOn(prompt: string): Agent
  /** What it told its runner. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was written
  report(): Promise<any>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever is shown
  show(): Promise<any>
}

const versions = { openai: '/v1', anthropic: '/v1', google: '/v1beta' }

export async function place(script: Script, setting: Setting = {}): Promise<Place> {
  const { protocol = 'openai', config = {}, profile = {}, env = {} } = setting
  const endpoint = await startEndpoint({ script })
  onTestFinished(() => endpoint.close())
  const home = await newHome()
  const folder = join(home.root, 'desk')
  await mkdir(folder)
  const providers = {
    local: {
      protocol,
      base_url: `${endpoint.url('script')}${versions[protocol]}`,
      key: 'LOCAL_KEY',
    },
  }
  await writeSettings(home.root, { model: 'local/m', providers, ...config })
  await writeSettings(join(home.root, 'profiles', 'writer'), profile)
  return {
    home,
    folder,
    asked: endpoint.asked,
    until: endpoint.until,
    start: (argv, stdin = '') => start(argv, stdin, folder, { ...plain(home), ...env }),
  }
}

/** A run of the profile `writer` that is under way. */
export async function work(script: Script, setting: Setting = {}): Promise<Work> {
  const at = await place(script, setting)
  const { home, folder } = at
  const { task, env } = await working(home)
  const report = join(home.root, 'report.json')
  const environment = {
    ...plain(home),
    ...env,
    HERMES_KANBAN_WORKSPACE: folder,
    HERMES_KANBAN_REPORT: report,
    ...setting.env,
  }
  return {
    ...at,
    task,
    work: (...argv) =>
      start(['chat', '-q', '-', ...argv], briefOf(task, folder), folder, environment),
    workOn: (prompt) => start(['chat', '-q', prompt], '', folder, environment),
    report: async () => JSON.parse(await readFile(report, 'utf8')),
    show: () => home.json('show', task),
  }
}

function plain({ root }: Home): Record<string, string> {
  return {
    HOME: root,
    HERMES_KANBAN_HOME: root,
    PATH: process.env.PATH ?? '',
    LOCAL_KEY: 'a-key-of-the-model',
  }
}

async function writeSettings(folder: string, kanban: object): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'config.yaml'), stringify({ kanban }))
}

function briefOf(task: string, workspace: string): string {
  return brief({
    task,
    profile: { name: 'writer', description: '' },
    role: 'You write.',
    skills: [],
    workspace,
    context: `# ${task}\n\nWrite something.`,
    profiles: [],
  })
}

function start(
  argv: readonly string[],
  stdin: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Agent {
  const child = spawn(process.execPath, [main, ...argv], { env, cwd })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  const ended = once(child, 'close').then(([code]) => ({ code, out, err }))
  return {
    child,
    out: () => out,
    ended,
    prints: (text) =>
      new Promise((found, failed) => {
        const look = (): void => {
          if (out.includes(text)) found()
        }
        child.stdout.on('data', look)
        ended.then(() => failed(new Error(`it ended before it printed ${text}: ${out}${err}`)))
        look()
      }),
  }
}
