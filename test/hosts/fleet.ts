/** Several machines on one board, as far as one machine can have them: homes with a name, an installation and a network of their own. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished, vi } from 'vitest'
import { type Board, openBoard } from '../../src/board/board.ts'
import { show } from '../../src/board/show.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { strays } from '../../src/lib/process.ts'
import { outlast } from '../../src/store/outlasting.ts'
import type { Reader } from '../../src/store/store.ts'
import { type Cluster, durable, startCluster } from '../support/postgres.ts'
import { type Network, startProxy } from '../support/proxy.ts'

const main = resolve('src/main.ts')

// Dozens of processes, each of which takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Host {
  readonly name: string
  readonly root: string
  readonly network: Network
  /** `hermes <words>` to its end. */
  hermes(...words: string[]): Promise<Ran>
  /** A profile whose workers run this shell script; `$S` in it is the folder that all machines share. */
  profile(name: string, script: string): Promise<void>
  /** Starts its gateway, and waits until it dispatches. */
  start(): Promise<void>
  /** Ends its gateway alone. */
  end(signal: NodeJS.Signals): Promise<void>
  /** What its gateways have said. */
  log(): string
  /** Kills everything of it at once, as when the power fails. */
  die(): Promise<void>
  /** Pids of what lives of it. */
  processes(): number[]
}

export interface Fleet {
  readonly cluster: Cluster
  readonly hosts: readonly Host[]
  /** By a way of its own, which no network of a host is part of. */
  readonly board: Board
  /** A folder for notes of the workers. */
  readonly shared: string
  /** The lines of a note. */
  notes(name: string): string[]
  /** Waits until `look` gives something, asking again after every commit. */
  until<T>(what: string, look: (reader: Reader) => Promise<T | undefined | false>): Promise<T>
  /** Waits until the task is in one of these statuses and shows it. */
  comes(task: string, ...statuses: string[]): Promise<Awaited<ReturnType<typeof show>>>
}

/** Everything is ended and removed when the test is over. */
export async function makeFleet(names: readonly string[], config = ''): Promise<Fleet> {
  const cluster = await startCluster(durable)
  onTestFinished(cluster.stop)
  const shared = await mkdtemp(join(tmpdir(), 'hermes shared '))
  onTestFinished(() => rm(shared, { recursive: true, force: true }))
  const place = { slug: 'default', database: cluster.url, workspaces: shared, logs: shared }
  const board = await openBoard(place, systemClock)
  onTestFinished(() => board.store.close())
  const hosts: Host[] = []
  for (const name of names) hosts.push(await makeHost(name, cluster, shared, config))

  const fleet: Fleet = {
    cluster,
    hosts,
    board,
    shared,
    notes(name) {
      const path = join(shared, name)
      return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
    },
    until(what, look) {
      return new Promise((found, failed) => {
        const over = new AbortController()
        const timer = setTimeout(() => {
          const said = hosts.map((host) => `${host.name}:\n${host.log().slice(-2000)}`).join('\n')
          failed(new Error(`waited in vain until ${what}\n${said}`))
          unwatch()
          over.abort()
        }, 90_000)
        let again = Promise.resolve()
        const ask = async (): Promise<void> => {
          const value = await outlast(over.signal, () => board.store.read(look))
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
      return fleet.until(`${task} is ${statuses.join(' or ')}`, async (reader) => {
        const shown = await show(reader, task, 100)
        return statuses.includes(shown.task.status) && shown
      })
    },
  }
  return fleet
}

async function makeHost(
  name: string,
  cluster: Cluster,
  shared: string,
  config: string,
): Promise<Host> {
  const root = await mkdtemp(join(tmpdir(), `hermes home of ${name} `))
  const network = await startProxy(cluster.url)
  onTestFinished(network.close)
  const own = `kanban:\n  host: ${name}\n  database: ${network.url}\n  retry_delay_seconds: 0.1\n${config}`
  await writeFile(join(root, 'config.yaml'), own)
  const env = { ...process.env, HERMES_KANBAN_HOME: root, NO_COLOR: '1' }
  let gateway: ChildProcess | undefined
  let said = ''

  /** By what everything of a home has in its environment. */
  function processes(): number[] {
    return strays(`HERMES_KANBAN_HOME=${root}`).map(({ pid }) => pid)
  }

  async function die(): Promise<void> {
    for (let left = processes(); left.length > 0; left = processes()) {
      for (const pid of left) killIfThere(pid)
      await pause(5)
    }
  }

  onTestFinished(async () => {
    await die()
    await rm(root, { recursive: true, force: true, maxRetries: 5 })
  })

  return {
    name,
    root,
    network,
    processes,
    die,
    log: () => said,
    async hermes(...words) {
      const child = spawn(process.execPath, [main, ...words], { env, cwd: root })
      const [out, err] = [textOf(child.stdout), textOf(child.stderr)]
      const [code] = await once(child, 'close')
      return { code, out: out(), err: err() }
    },
    async profile(profile, script) {
      const folder = join(root, 'profiles', profile)
      await mkdir(folder, { recursive: true })
      const file = join(folder, 'work.sh')
      await writeFile(file, `S=${JSON.stringify(shared)}; T="$HERMES_KANBAN_TASK"\n${script}`)
      const command = JSON.stringify(['/bin/sh', file])
      await writeFile(join(folder, 'config.yaml'), `kanban:\n  command: ${command}\n`)
    },
    async start() {
      const child = spawn(process.execPath, [main, 'gateway', 'run'], { env, cwd: root })
      gateway = child
      await new Promise<void>((begun, reject) => {
        let own = ''
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          said += text
          own += text
          if (own.includes('dispatching')) begun()
        })
        child.once('exit', () => reject(new Error(own)))
      })
    },
    async end(signal) {
      if (gateway === undefined) return
      const gone = once(gateway, 'exit')
      gateway.kill(signal)
      await gone
    },
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was quicker.
  }
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.setEncoding('utf8')
  stream.on('data', (part: string) => {
    text += part
  })
  return () => text
}
