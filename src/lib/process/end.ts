import { setTimeout as sleep } from 'node:timers/promises'
import { monotonic } from '../clock.ts'
import { groupIsEmpty, signalGroup } from './group.ts'
import { wasReplaced } from './identity.ts'
import { signalStray, strays } from './strays.ts'
import { table } from './table.ts'

export interface Ending {
  /** The process group, named after the process that led it; null when none was ever started. */
  readonly pgid: number | null
  /** The identity of that leader, so that a group that has its number by now is left alone. */
  readonly start?: string | null
  /** The claim token that all of the run's processes inherited. */
  readonly token?: string | undefined
  /** Milliseconds between TERM and KILL. */
  readonly graceMs: number
  /** The driver's own way of asking, before any signal. Has `graceMs` at most; what it throws does not matter. */
  readonly polite?: (() => Promise<unknown>) | undefined
}

export interface Ended {
  /** Something had to be told to end. */
  readonly terminated: boolean
  /** Something had to be killed. */
  readonly sigkill: boolean
  /** What is still there, which only a process stuck in the kernel, or one that is not ours, can be. */
  readonly left: readonly number[]
}

/** What left the group of a worker has less time to end: its worker had the grace already. */
const strayGraceMs = 2_000

/** How long a process that was killed may take to vanish: one in a disk or network call cannot be hurried. */
const killMs = 5_000

/** Ends a worker with all that it started: the group politely, by TERM, by KILL, and then what had left it. */
export async function endProcesses(ending: Ending): Promise<Ended> {
  const group = await endGroup(ending)
  const rest = await endStrays(ending)
  return {
    terminated: group.terminated || rest.terminated,
    sigkill: group.sigkill || rest.sigkill,
    left: [...group.left, ...rest.left],
  }
}

const nobody: Ended = { terminated: false, sigkill: false, left: [] }

async function endGroup({ pgid, start, graceMs, polite }: Ending): Promise<Ended> {
  if (pgid === null || !isTheirs(pgid, start ?? null)) return nobody
  const empty = () => groupIsEmpty(pgid)
  if (empty()) return nobody
  if (polite !== undefined) {
    await within(graceMs, polite)
    if (empty()) return nobody
  }
  signalGroup(pgid, 'SIGTERM')
  // A stopped process only hears it when it goes on.
  signalGroup(pgid, 'SIGCONT')
  if (await until(empty, graceMs)) return { ...nobody, terminated: true }
  signalGroup(pgid, 'SIGKILL')
  const gone = await until(empty, killMs)
  return { terminated: true, sigkill: true, left: gone ? [] : [pgid] }
}

async function endStrays({ token, graceMs }: Ending): Promise<Ended> {
  if (token === undefined) return nobody
  const signalAll = (signal: NodeJS.Signals) => {
    const found = strays(token)
    for (const stray of found) signalStray(stray, signal)
    return found.length
  }
  if (signalAll('SIGTERM') === 0) return nobody
  const none = () => strays(token).length === 0
  if (await until(none, Math.min(graceMs, strayGraceMs))) return { ...nobody, terminated: true }
  // Again and again: what is being killed may be starting others.
  await until(() => signalAll('SIGKILL') === 0, killMs)
  return { terminated: true, sigkill: true, left: strays(token).map(({ pid }) => pid) }
}

/** Whether the group can still be the one that was meant, and is not our own. */
function isTheirs(pgid: number, start: string | null): boolean {
  if (!(pgid > 1) || table.see(process.pid)?.group === pgid) return false
  return start === null || !wasReplaced(pgid, start)
}

/** The kernel tells nobody when a group becomes empty: looks often at first, then every 50 ms. */
async function until(condition: () => boolean, ms: number): Promise<boolean> {
  const deadline = monotonic() + ms
  for (let pause = 5; !condition(); pause = Math.min(pause * 1.5, 50)) {
    const left = deadline - monotonic()
    if (left <= 0) return false
    await sleep(Math.min(pause, left))
  }
  return true
}

/** Whatever becomes of the work, it is waited for no longer than that. */
async function within(ms: number, work: () => Promise<unknown>): Promise<void> {
  const done = new AbortController()
  const timer = sleep(ms, undefined, { signal: done.signal })
  const asked = (async () => work())()
  await Promise.allSettled([Promise.race([asked, timer])])
  done.abort()
  await Promise.allSettled([timer])
}
