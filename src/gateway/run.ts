/** The one long-running process of a home. Its parts start and fail on their own. */

import type { Environment } from '../config.ts'
import { probeMs, takeLock } from '../dispatcher/lock.ts'
import { settleIn } from '../dispatcher/settle-in.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { identityOf } from '../lib/process.ts'
import { BoardError } from '../model/error.ts'
import type { Lock } from '../store/file-lock.ts'
import { dashboardParts } from './dashboard/dashboard-part.ts'
import { dispatcherPart } from './dispatcher-part.ts'
import { atMost, keepGoing, type Part, type PartStatus } from './part.ts'
import { chatParts } from './parts.ts'
import { readState, removeState, type State, writeState } from './state.ts'

export interface GatewayOptions {
  readonly environment: Environment
  readonly clock: Clock
  readonly log: Log
  readonly pid: number
  /** How this very program is started: the runners are it. */
  readonly program: readonly string[]
  /** Who started it and would start it again. */
  readonly service: State['service']
  /** Ends the gateway at once; workers go on and are taken over by the next one. */
  readonly signal: AbortSignal
  /** Called once, when every part works, is off or has failed. */
  readonly onSettled?: (state: State) => void
}

/** Runs until the signal. Throws `conflict` while another gateway of this home is alive. */
export async function runGateway(options: GatewayOptions): Promise<void> {
  const { environment, clock, log, pid, service, signal } = options
  const { root } = environment
  const lock = await takeOver(root)
  // What is wrong with the configuration is said by the parts that need it.
  await settleIn(environment, log).catch(() => {})
  const failures = new Map<string, string>()
  const facts = { pid, start: identityOf(pid) ?? '', since: clock(), service }
  let saving = Promise.resolve()
  let settled = options.onSettled

  const parts: readonly Part[] = [
    dispatcherPart(options, changed),
    ...(await chatParts(options, changed)),
    ...(await dashboardParts(options, changed)),
  ]

  function stateNow(): State {
    return { ...facts, parts: Object.fromEntries(parts.map((part) => [part.name, statusOf(part)])) }
  }

  function statusOf(part: Part): PartStatus {
    const why = failures.get(part.name)
    return why === undefined ? part.status() : { state: 'failed', says: why, warning: null }
  }

  function changed(): void {
    const state = stateNow()
    saving = saving
      .then(() => writeState(root, state))
      .catch((error) => log.warn(`what status tells is out of date: ${error.message}`))
    if (Object.values(state.parts).some((part) => part.state === 'starting')) return
    const tell = settled
    settled = undefined
    saving = saving.then(() => tell?.(state))
  }

  function live(part: Part): Promise<void> {
    return keepGoing(part, {
      signal,
      log,
      told(failure) {
        if (failure === null) failures.delete(part.name)
        else failures.set(part.name, failure)
        changed()
      },
    })
  }

  try {
    changed()
    await Promise.all(parts.map(live))
    while (!signal.aborted) await atMost(2 ** 31 - 1, signal)
    log.info('stopped; workers go on and are taken over by the next start')
  } finally {
    await saving
    await removeState(root)
    lock.release()
  }
}

async function takeOver(root: string): Promise<Lock> {
  const lock = await takeLock(root, 'gateway', probeMs)
  if (lock !== undefined) return lock
  const state = await readState(root)
  const who = state === undefined ? 'another process' : `process ${state.pid}`
  throw new BoardError(
    'conflict',
    `${who} is the gateway of ${root} already: use it, or end it with hermes gateway stop`,
  )
}
