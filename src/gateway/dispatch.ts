import { boardsInFolders } from '../board/places.ts'
import type { Config, Environment } from '../config.ts'
import { createDispatcher, type Pass } from '../dispatcher/dispatcher.ts'
import { dispatcherAlive, writeHolder } from '../dispatcher/holder.ts'
import { thisHost } from '../dispatcher/host.ts'
import { probeMs, takeLock } from '../dispatcher/lock.ts'
import { loop } from '../dispatcher/loop.ts'
import { settleIn } from '../dispatcher/settle-in.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { BoardError } from '../model/error.ts'
import type { Lock } from '../store/file-lock.ts'
import { profileBook } from '../workers/profile-book.ts'

export interface Dispatching {
  readonly environment: Environment
  readonly clock: Clock
  readonly log: Log
  readonly pid: number
  /** How this very program is started: the runners are it. */
  readonly program: readonly string[]
  readonly config: () => Promise<Config>
  /** What each pass keeps to. */
  readonly pass?: Pass
  readonly signal: AbortSignal
  /** Told when it begins, and whenever that changes, what is wrong. */
  readonly onState?: (state: Working) => void
}

/** How dispatching goes. */
export interface Working {
  /** Why nothing can be dispatched; null when it can. */
  readonly failure: string | null
  /** What is wrong although something can. */
  readonly warning: string | null
}

/** Dispatches the boards of the home until the signal. Throws `conflict` while another dispatcher of it is alive. */
export async function dispatch(of: Dispatching): Promise<void> {
  const { environment, clock, log, pid, program, config, signal } = of
  const { root } = environment
  const lock = await takeOver(root)
  try {
    await settleIn(environment, log)
    const host = await thisHost(root, (await config()).host)
    const since = clock()
    const tell = telling(({ failure, fault, health }) => {
      of.onState?.({ failure, warning: fault ?? health })
      // What is wrong with one board says nothing of the tasks on the others.
      return writeHolder(root, { pid, host, since, trouble: failure ?? health })
    })
    await tell({})
    const profiles = profileBook(root, environment.variables)
    log.info('dispatching', { home: root, pid })
    await loop(
      ({ ring }) => {
        ringWhenNew(of, ring)
        return createDispatcher({
          environment,
          host,
          program,
          profiles,
          clock,
          log,
          config,
          onChange: ring,
          onHealth: (health) => void tell({ health }).catch(() => {}),
        })
      },
      {
        root,
        log,
        interval: async () => (await config()).dispatch_interval_seconds,
        signal,
        ...(of.pass === undefined ? {} : { pass: of.pass }),
        onPass: (failure, fault) => void tell({ failure, fault }).catch(() => {}),
      },
    )
    // Written before the next holder writes who it is.
    await tell({}).catch(() => {})
  } finally {
    lock.release()
  }
}

interface Known {
  readonly failure: string | null
  readonly fault: string | null
  readonly health: string | null
}

/** Hands on what has changed, one after the other, and at first that nothing is wrong. */
function telling(told: (known: Known) => Promise<void>) {
  let known: Known = { failure: null, fault: null, health: null }
  let last = ''
  let done = Promise.resolve()
  return (news: Partial<Known>): Promise<void> => {
    const now = { ...known, ...news }
    known = now
    if (JSON.stringify(now) === last) return done
    last = JSON.stringify(now)
    done = done.catch(() => {}).then(() => told(now))
    // What could not be told is told again with whatever comes next, as each pass does.
    done.catch(() => {
      last = ''
    })
    return done
  }
}

/** How soon a change of the configuration, or a new board, is noticed, in milliseconds. */
const reviewMs = 500

/** New settings, or a new board, may let something start, or be due, sooner than the next pass would come. */
function ringWhenNew({ config, environment, signal }: Dispatching, ring: () => void): void {
  let known: string | undefined
  const look = async (): Promise<void> => {
    const now = JSON.stringify([await config(), await boardsInFolders(environment)])
    if (known !== undefined && known !== now) ring()
    known = now
  }
  const review = (): Promise<void> => look().catch(() => {})
  void review()
  const timer = setInterval(review, reviewMs)
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}

async function takeOver(root: string): Promise<Lock> {
  const lock = await takeLock(root, 'dispatcher', probeMs)
  if (lock !== undefined) return lock
  const { holder } = await dispatcherAlive(root)
  const who = holder === undefined ? 'another process' : `process ${holder.pid}`
  throw new BoardError(
    'conflict',
    `${who} dispatches the boards of ${root} already: end it first, or use it`,
  )
}
