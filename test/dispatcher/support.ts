/** A dispatcher in this process, with a clock that stands until it is moved on. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Board, openBoard } from '../../src/board/board.ts'
import { environment, readConfig } from '../../src/config.ts'
import {
  createDispatcher,
  type Dispatcher,
  type DispatcherOptions,
} from '../../src/dispatcher/dispatcher.ts'
import type { Host } from '../../src/dispatcher/plan.ts'
import { silent } from '../../src/lib/log.ts'
import { profileBook } from '../../src/workers/profile-book.ts'
import { stoppedClock } from '../board/support.ts'
import { temporaryFolder } from '../lib/folder.ts'

export const midnight = Date.parse('2026-07-01T00:00:00Z') / 1000

/** This installation, as claims name it. */
export const here = 'here+1'

/** A machine on which every profile can start and nothing is at work. */
export const idleHost: Host = {
  host: here,
  profile: (name) => ({ name, maxConcurrent: null, account: null, fault: null }),
  profiles: ['any', 'writer'],
  defaultAssignee: null,
  maxWorkers: 8,
  maxPerProfile: null,
  failureLimit: 5,
  live: new Map(),
  accountHolds: [],
}

export interface Found {
  readonly root: string
  readonly clock: ReturnType<typeof stoppedClock>
  /** The default board. */
  readonly board: Board
  readonly dispatcher: Dispatcher
  /** Another board of the home. */
  addBoard(slug: string): Promise<Board>
}

interface Options extends Partial<DispatcherOptions> {
  /** Of its environment, besides its home. */
  readonly variables?: Readonly<Record<string, string>>
}

/** Profiles by name, each with what stands in its file besides a command that does nothing. */
export async function newDispatcher(
  config = '',
  profiles: Readonly<Record<string, string>> = {},
  { variables = {}, ...more }: Options = {},
): Promise<Found> {
  const root = temporaryFolder()
  writeFileSync(join(root, 'config.yaml'), `kanban:\n  retry_delay_seconds: 5\n${config}`)
  for (const [name, settings] of Object.entries(profiles)) {
    const folder = join(root, 'profiles', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'config.yaml'), `kanban:\n  command: ['true']\n${settings}`)
  }
  const clock = stoppedClock(midnight)
  const facts = environment({ HERMES_KANBAN_HOME: root, PATH: process.env.PATH, ...variables })
  const dispatcher = createDispatcher({
    environment: facts,
    host: here,
    program: [],
    config: async () => (await readConfig(root)).config,
    profiles: profileBook(root, facts.variables),
    clock,
    log: silent,
    ...more,
  })
  onTestFinished(async () => {
    await dispatcher.handshakes(10_000)
    await dispatcher.close()
  })

  async function open(slug: string, database: string): Promise<Board> {
    const board = await openBoard({ slug, database, workspaces: '', logs: '' }, clock)
    onTestFinished(() => board.store.close())
    return board
  }

  return {
    root,
    clock,
    board: await open('default', join(root, 'kanban.db')),
    dispatcher,
    async addBoard(slug) {
      const folder = join(root, 'kanban', 'boards', slug)
      mkdirSync(folder, { recursive: true })
      return open(slug, join(folder, 'kanban.db'))
    },
  }
}
