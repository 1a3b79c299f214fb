/**
 * May this task be started here and now, and if not, why not. The one predicate: the tick, its dry
 * run, `why` and the page all ask it.
 */

import { keyAt } from '../board/holds.ts'
import type { Hold } from '../model/hold.ts'
import { machineOf } from './host.ts'
import { type Failed, retryWords } from './words.ts'

export interface Candidate extends Failed {
  readonly id: string
  readonly assignee: string | null
  readonly not_before: number | null
  /** The lock of a claim that a program left on a task at rest. */
  readonly claim_lock: string | null
  /** The earlier run whose worker has not ended yet. */
  readonly ending_run: number | null
  /** The machine that it is to be worked on. */
  readonly host: string | null
}

/** What this machine knows of a profile. */
export interface Readiness {
  readonly name: string
  readonly maxConcurrent: number | null
  readonly account: string | null
  /** What keeps it from starting anything, as a sentence. */
  readonly fault: string | null
}

/** Everything that decides besides the task: the same for all tasks of one pass. */
export interface Situation {
  /** This installation. */
  readonly host: string
  readonly now: number
  readonly board: string
  readonly holds: readonly Hold[]
  /** Of all boards: an account has one quota, wherever it works. */
  readonly accountHolds: readonly Hold[]
  /** Undefined for a name that is no profile on this machine. */
  readonly profile: (name: string) => Readiness | undefined
  /** The names of all of them. */
  readonly profiles: readonly string[]
  readonly defaultAssignee: string | null
  readonly maxWorkers: number
  readonly maxPerProfile: number | null
  /** Failures in a row of a task without a limit of its own. */
  readonly failureLimit: number
  /** Live runs on this host, over all boards, by profile. */
  readonly live: ReadonlyMap<string, number>
}

export type Skip = 'unassigned' | 'nonspawnable' | 'capped' | 'held'

export interface Reason {
  readonly skip: Skip
  /** What a person reads after "waits because", without a full stop; says the same as long as it is the same. */
  readonly says: string
  /** Unix seconds when it ends by itself; where it is known, `says` can be followed by the time. */
  readonly until?: number
}

/** Undefined: go. */
export function admit(task: Candidate, here: Situation): Reason | undefined {
  const assignee = task.assignee ?? here.defaultAssignee
  return admitAssignee(assignee, here) ?? admitTask(task, here)
}

/** The part that is the same for every task of an assignee, so that 10,000 of them are skipped at once. */
export function admitAssignee(assignee: string | null, here: Situation): Reason | undefined {
  if (assignee === null) {
    return { skip: 'unassigned', says: 'nobody is assigned: assign it to a profile' }
  }
  const profile = here.profile(assignee)
  if (profile === undefined) {
    return {
      skip: 'nonspawnable',
      says: `${assignee} is no profile on this machine: it is a lane that somebody pulls by hand with claim`,
    }
  }
  if (profile.fault !== null) return held(`profile ${assignee} cannot start: ${profile.fault}`)
  return profileHold(profile, here) ?? cap(profile, here)
}

/** The part that is about this task alone. */
export function admitTask(task: Candidate, here: Situation): Reason | undefined {
  if (task.ending_run !== null) {
    return held(`it is waiting for the worker of run ${task.ending_run} to end`)
  }
  if (task.claim_lock !== null) return held(`another program holds a claim on it`)
  const machine = machineOf(here.host)
  if (task.host !== null && task.host !== machine) {
    return held(`it is for the machine ${task.host}, and this is ${machine}`)
  }
  if (task.not_before !== null && task.not_before > here.now) {
    return held(retryWords(task, here.failureLimit), task.not_before)
  }
  return holdOn(here, 'task', task.id, `task ${task.id}`)
}

function profileHold(profile: Readiness, here: Situation): Reason | undefined {
  const account = profile.account ?? profile.name
  return (
    holdOn(here, 'board', here.board, 'this board') ??
    holdOn(here, 'profile', profile.name, `profile ${profile.name}`) ??
    holdOn(here, 'account', account, `account ${account}`)
  )
}

function holdOn(
  here: Situation,
  scope: Hold['scope'],
  key: string,
  what: string,
): Reason | undefined {
  const [longest] = [...here.holds, ...here.accountHolds]
    .filter((hold) => hold.scope === scope && isOn(hold.key, key, here) && endOf(hold) > here.now)
    .sort((a, b) => endOf(b) - endOf(a))
  if (longest === undefined) return undefined
  const { until, reason } = longest
  const after = until === null ? '' : '; it is tried again'
  return held(`${what} is on hold: ${reason}${after}`, until)
}

/** Whether a hold is on that thing, here or everywhere. */
function isOn(held: string, key: string, { host }: Situation): boolean {
  return held === key || held === keyAt(key, host)
}

function endOf({ until }: Hold): number {
  return until ?? Number.POSITIVE_INFINITY
}

function cap(profile: Readiness, here: Situation): Reason | undefined {
  const total = [...here.live.values()].reduce((sum, count) => sum + count, 0)
  if (total >= here.maxWorkers) {
    return capped(
      `${total} workers are running on this machine, as many as kanban.max_workers allows`,
    )
  }
  const own = here.live.get(profile.name) ?? 0
  const limits = [profile.maxConcurrent, here.maxPerProfile].filter((limit) => limit !== null)
  const limit = Math.min(...limits)
  if (own < limit) return undefined
  return capped(`profile ${profile.name} has ${own} running, as many as it may have at once`)
}

function held(says: string, until: number | null = null): Reason {
  return { skip: 'held', says, ...(until === null ? {} : { until }) }
}

function capped(says: string): Reason {
  return { skip: 'capped', says }
}
