/** Several machines on one board, as far as one machine can have them: homes with a name, an installation and a network of their own. */

import { watch } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { type Board, openBoard } from '../../src/board/board.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { strays } from '../../src/lib/process.ts'
import { linesOf } from '../chaos/notes.ts'
import { type Gateway, type Installed, installedIn } from '../support/installed.ts'
import { awaiting, type Patience } from '../support/patience.ts'
import { type Cluster, durable, startCluster } from '../support/postgres.ts'
import { type Network, startProxy } from '../support/proxy.ts'

export interface Host extends Omit<Installed, 'gateway'> {
  readonly name: string
  readonly root: string
  readonly network: Network
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

export interface Fleet extends Patience {
  readonly cluster: Cluster
  readonly hosts: readonly Host[]
  /** By a way of its own, which no network of a host is part of. */
  readonly board: Board
  /** A folder for notes of the workers. */
  readonly shared: string
  /** The lines of a note. */
  notes(name: string): string[]
  /** Resolves when these lines fit. */
  noted(name: string, fits: (lines: readonly string[]) => boolean): Promise<void>
  /** The end of what the gateways have said, each under the name of its machine. */
  log(): string
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

  const notes = (name: string): string[] => linesOf(join(shared, name))
  const log = (): string =>
    hosts.map((host) => `${host.name}:\n${host.log().slice(-4000)}`).join('\n')
  return {
    ...awaiting(board.store, log),
    cluster,
    hosts,
    board,
    shared,
    log,
    notes,
    async noted(name, fits) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const look = (): void => {
        if (fits(notes(name))) resolve()
      }
      const watcher = watch(shared, look)
      look()
      await promise
      watcher.close()
    },
  }
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
  const installed = installedIn(root)
  const gateways: Gateway[] = []

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
    ...installed,
    name,
    root,
    network,
    processes,
    die,
    log: () => gateways.map((gateway) => gateway.log()).join(''),
    profile: (profile, script) =>
      installed.profile(profile, `S=${JSON.stringify(shared)}; T="$HERMES_KANBAN_TASK"\n${script}`),
    async start() {
      gateways.push(await installed.gateway())
    },
    async end(signal) {
      await gateways.at(-1)?.end(signal)
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
