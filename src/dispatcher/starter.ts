/** From a task that may start to a runner at work: claim, ticket, process, handshake. */

import { setTimeout as pause } from 'node:timers/promises'
import { assign } from '../board/assign.ts'
import type { Board } from '../board/board.ts'
import { claim } from '../board/claim.ts'
import type { Policy } from '../board/fail.ts'
import { holds } from '../board/holds.ts'
import { settle } from '../board/settle.ts'
import type { Config, Environment } from '../config.ts'
import { token } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import { messageOf } from '../lib/thrown.ts'
import type { End } from '../model/end.ts'
import { claimLock } from '../model/lock.ts'
import { machineError } from '../model/system-error.ts'
import type { Entry, ProfileBook } from '../workers/profile-book.ts'
import { runtimeNameOf } from '../workers/runtimes.ts'
import { admit } from './admit.ts'
import { readyTask } from './candidates.ts'
import type { Host, Start } from './plan.ts'
import { adopted, startRunner } from './start.ts'
import type { Ticket } from './ticket.ts'

export interface Starter {
  /** False when the task was taken or changed since it was planned. */
  start(what: Start<Board>, here: Host, config: Config): Promise<boolean>
  /** Resolves when every runner that was started is at work or gone, or after so many milliseconds. */
  handshakes(patience: number): Promise<void>
}

export interface StarterOptions {
  readonly environment: Environment
  readonly host: string
  readonly program: readonly string[]
  readonly profiles: ProfileBook
  readonly log: Log
  readonly policy: () => Policy
  /** Called when a runner is gone, with what it said. */
  readonly onExit: (board: Board, run: number, said: string) => Promise<void>
}

export function createStarter(options: StarterOptions): Starter {
  const { environment, host, log } = options
  const shaking = new Set<Promise<unknown>>()

  async function start(what: Start<Board>, here: Host, config: Config): Promise<boolean> {
    const { board, task, profile } = what
    const lock = claimLock(host, process.pid, token())
    const ttl = environment.claimTtl ?? config.claim_ttl_seconds
    const entries = await options.profiles.entries()
    const settings = entries.get(profile)?.profile
    if (settings === undefined) return false
    const run = await board.store.write(async (tx) => {
      // Asked again inside the unit of work: much may have changed since the plan was made.
      const still = await readyTask(tx, host, task.id)
      const now = { ...here, now: tx.now, board: board.slug, holds: await holds(tx) }
      if (still === undefined || (still.assignee ?? here.defaultAssignee) !== profile) return null
      if (admit(still, now) !== undefined) return null
      if (still.assignee === null) await assign(tx, task.id, profile, 'default')
      const claimed = await claim(tx, task.id, {
        lock,
        host,
        here: host,
        ttl,
        maxRuntime: (settings.max_runtime ?? config.max_runtime) || null,
        runtime: runtimeNameOf(settings),
        model: settings.model,
      })
      return claimed.run
    })
    if (run === null) return false
    const { slug, database, workspaces, logs } = board
    const ticket: Ticket = {
      root: environment.root,
      program: [...options.program],
      place: { slug, database, workspaces, logs },
      task: task.id,
      run,
      lock,
      profile,
      settings,
      team: teamOf(entries),
      account: settings.account ?? profile,
      ttl,
      policy: options.policy(),
      logMaxBytes: config.log_max_bytes,
      logBackups: config.log_backups,
      maxCreated: config.max_created_per_run,
    }
    return launch(board, ticket)
  }

  async function launch(board: Board, ticket: Ticket): Promise<boolean> {
    const { task, run, profile } = ticket
    try {
      const started = await startRunner(ticket, environment.variables)
      log.info(`started run ${run} of ${task}`, { profile, runner: started.pid })
      shake(board, run, started.gone)
      return true
    } catch (error) {
      // The machine, not the task: no file, no process to be had. Given back at once.
      const said = messageOf(machineError(error) ?? error)
      log.error(`no runner could be started for ${task}: ${said}`)
      const end: End = { how: 'not_started', error: said, counted: false, board: board.slug }
      const fence = { run, lock: ticket.lock }
      await board.store.write((tx) => settle(tx, task, fence, end, ticket.policy))
      return false
    }
  }

  function shake(board: Board, run: number, gone: Promise<string>): void {
    const over = gone.then((said) => options.onExit(board, run, said)).catch(complain)
    const handshake = Promise.race([over, adopted(board.store, run)])
      .catch(complain)
      .finally(() => shaking.delete(handshake))
    shaking.add(handshake)
  }

  function complain(error: unknown): void {
    log.error(messageOf(error))
  }

  return {
    start,
    async handshakes(patience) {
      // The timer also keeps a short-lived process alive: neither a runner nor a watched file does.
      const done = new AbortController()
      const timeout = pause(patience, undefined, { signal: done.signal }).catch(() => {})
      await Promise.race([Promise.all(shaking), timeout])
      done.abort()
    },
  }
}

/** Whom a worker may give work to. One whose settings are broken is left out: it could not do it. */
function teamOf(entries: ReadonlyMap<string, Entry>): Ticket['team'] {
  return [...entries.values()].flatMap(({ profile }) => {
    if (profile === undefined || (profile.runtime === null && profile.command === null)) return []
    return [{ name: profile.name, description: profile.description }]
  })
}
