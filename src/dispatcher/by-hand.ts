/** A pass that a person asks for: not a dispatcher, but the same function under the same lock. */

import type { Config, Environment } from '../config.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { BoardError } from '../model/error.ts'
import { profileBook } from '../workers/profile-book.ts'
import { createDispatcher, type Pass } from './dispatcher.ts'
import { thisHost } from './host.ts'
import { takeLock } from './lock.ts'
import { note, type Report } from './report.ts'
import { settleIn } from './settle-in.ts'

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

/** How long to wait until the runners that were started are at work, in milliseconds. */
const handshakeMs = 10_000

/**
 * Works whether a dispatcher is alive or not. What takes time, endings before and handshakes after,
 * is done outside the lock, so that nobody else waits for it; a dry run does without.
 */
export async function passByHand(of: ByHand, how: Pass): Promise<Report> {
  const { environment, config, log } = of
  if (!how.dryRun) await settleIn(environment, log)
  const dispatcher = createDispatcher({
    ...of,
    host: await thisHost(environment.root, config.host),
    config: async () => config,
    profiles: profileBook(environment.root, environment.variables),
  })
  try {
    if (how.dryRun) return await dispatcher.pass({ ...how, listIds: true })
    const closed = await dispatcher.seeToRuns(how)
    const report = await inTurn(environment.root, () => dispatcher.pass({ ...how, listIds: true }))
    for (const one of closed) note(report, one)
    await dispatcher.handshakes(handshakeMs)
    return report
  } finally {
    await dispatcher.close()
  }
}

async function inTurn<T>(root: string, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(root, 'tick', patienceMs)
  if (lock === undefined) {
    throw new BoardError('board_busy', 'another pass has not ended for 30 s: try again')
  }
  try {
    return await work()
  } finally {
    lock.release()
  }
}
