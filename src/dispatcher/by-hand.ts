/** A pass that a person asks for: not a dispatcher, but the same function under the same lock. */

import type { Config, Environment } from '../config.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { BoardError } from '../model/error.ts'
import { profileBook } from '../workers/profile-book.ts'
import { createDispatcher, type Pass } from './dispatcher.ts'
import { thisHost } from './host.ts'
import { liveRuns } from './live.ts'
import { takeLock } from './lock.ts'
import { openBoards } from './open-boards.ts'
import type { Host } from './plan.ts'
import type { Report } from './report.ts'
import { survey } from './survey.ts'

export interface ByHand {
  readonly environment: Environment
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  /** How this very program is started: the runners are it. */
  readonly program: readonly string[]
}

/** How long to wait for a pass that is under way, in milliseconds. */
const patienceMs = 30_000

/** Works whether a dispatcher is alive or not. Returns when every runner that it started is at work. */
export async function passByHand(of: ByHand, how: Pass): Promise<Report> {
  const { environment, config } = of
  const lock = await takeLock(environment.root, 'tick', patienceMs)
  if (lock === undefined) {
    throw new BoardError('board_busy', 'another pass has not ended for 30 s: try again')
  }
  const dispatcher = createDispatcher({
    ...of,
    host: await thisHost(environment.root),
    config: async () => config,
    profiles: profileBook(environment.root, environment.variables),
  })
  try {
    return await dispatcher.pass({ ...how, byHand: true })
  } finally {
    await dispatcher.close()
    lock.release()
  }
}

/** What decides about every task of this machine now, for whoever wants to know and not to start. */
export async function lookAround(of: Omit<ByHand, 'program'>): Promise<Host> {
  const { environment, config, clock, log } = of
  const host = await thisHost(environment.root)
  const boards = openBoards(environment, clock, log)
  try {
    const runs = []
    for (const board of await boards.all()) {
      runs.push(...(await board.store.read((reader) => liveRuns(reader, host))))
    }
    const profiles = await profileBook(environment.root, environment.variables).entries()
    return survey(host, config, profiles, runs)
  } finally {
    await boards.close()
  }
}
