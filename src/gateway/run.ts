/** The one long-running process of a home: now the dispatcher; notifier, chats and dashboard join it here. */

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, type Environment, readConfig } from '../config.ts'
import { createDispatcher } from '../dispatcher/dispatcher.ts'
import { dispatcherAlive, writeHolder } from '../dispatcher/holder.ts'
import { thisHost } from '../dispatcher/host.ts'
import { takeLock } from '../dispatcher/lock.ts'
import { loop } from '../dispatcher/loop.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { BoardError } from '../model/error.ts'
import type { Lock } from '../store/file-lock.ts'
import { profileBook } from '../workers/profile-book.ts'

export interface GatewayOptions {
  readonly environment: Environment
  readonly clock: Clock
  readonly log: Log
  readonly pid: number
  /** How this very program is started: the runners are it. */
  readonly program: readonly string[]
  /** Ends the gateway at once; workers go on and are taken over by the next one. */
  readonly signal: AbortSignal
}

/** Runs until the signal. Throws `conflict` while another dispatcher of this home is alive. */
export async function runGateway(options: GatewayOptions): Promise<void> {
  const { environment, clock, log, pid, program, signal } = options
  const { root } = environment
  const config = await watchedConfig(root, log)
  const { dispatcher: edition } = await config()
  if (edition !== 'hermes-kanban' || !environment.dispatchInGateway) {
    throw new BoardError('conflict', notDispatching(edition))
  }
  const lock = await takeOver(root)
  try {
    const host = await thisHost(root)
    await writeHolder(root, { pid, host, since: clock() })
    const profiles = profileBook(root, environment.variables)
    log.info('dispatching', { home: root, pid })
    await loop(
      ({ ring }) =>
        createDispatcher({
          environment,
          host,
          program,
          profiles,
          clock,
          log,
          config,
          onChange: ring,
        }),
      {
        root,
        clock,
        log,
        interval: async () => (await config()).dispatch_interval_seconds,
        signal,
      },
    )
    log.info('stopped; workers go on and are taken over by the next start')
  } finally {
    lock.release()
  }
}

async function takeOver(root: string): Promise<Lock> {
  const lock = await takeLock(root, 'dispatcher')
  if (lock !== undefined) return lock
  const { holder } = await dispatcherAlive(root)
  const who = holder === undefined ? 'another process' : `process ${holder.pid}`
  throw new BoardError(
    'conflict',
    `${who} dispatches the boards of ${root} already: end it first, or use it`,
  )
}

function notDispatching(edition: Config['dispatcher']): string {
  return edition === 'hermes-kanban'
    ? 'HERMES_KANBAN_DISPATCH_IN_GATEWAY keeps the dispatcher out of the gateway: unset it, or start work by hand with hermes kanban dispatch'
    : `kanban.dispatcher is ${edition} in config.yaml: set it to hermes-kanban, or start work by hand with hermes kanban dispatch`
}

/** The configuration as its file is now: read again when that has changed, kept when the change is no good. */
async function watchedConfig(root: string, log: Log): Promise<() => Promise<Config>> {
  const path = join(root, 'config.yaml')
  const read = async (): Promise<Config> => {
    const { config, warnings } = await readConfig(root)
    for (const warning of warnings) log.warn(warning)
    return config
  }
  let version = versionOf(path)
  let known = await read()
  return async () => {
    const now = versionOf(path)
    if (now === version) return known
    version = now
    try {
      known = await read()
      log.info('config.yaml was read again')
    } catch (error) {
      if (!(error instanceof BoardError)) throw error
      log.error(`${error.message}; the settings from before stay in force`)
    }
    return known
  }
}

function versionOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeMs}`
}
