/**
 * May this task be started here and now, and if not, why not. The one predicate: the tick, its dry
 * run, `why` and the page all ask it.
 */

import { formatDuration } from '../lib/duration.ts'
import type { Hold } from '../model/hold.ts'

export interface Candidate {
  readonly id: string
  readonly assignee: string | null
  readonly not_before: number | null
  /** The lock of a claim that a program left on a task at rest. */
  readonly claim_lock: string | null
  /** The earlier run whose worker has not ended yet. */
  readonly ending_run: number | null
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
  /** Undefined for a name that is no profile on this machine. */
  readonly profile: (name: string) => Readiness | undefined
  readonly defaultAssignee: string | null
  readonly maxWorkers: number
  readonly maxPerProfile: number | null
  /** Live runs on this host, over all boards, by profile. */
  readonly live: ReadonlyMap<string, number>
}

export type Skip = 'unassigned' | 'nonspawnable' | 'capped' | 'held'

export interface Reason {
  readonly skip: Skip
  /** What a person reads after "waits because", without a full stop. */
  readonly says: string
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

function admitTask(task: Candidate, here: Situation): Reason | undefined {
  if (task.ending_run !== null) {
    return held(`it is waiting for the worker of run ${task.ending_run} to end`)
  }
  if (task.claim_lock !== null) return held(`another program holds a claim on it`)
  if (task.not_before !== null && task.not_before > here.now) {
    return held(`it is tried again in ${formatDuration(task.not_before - here.now)}`)
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
  const found = here.holds.find((hold) => hold.scope === scope && hold.key === key)
  if (found === undefined || (found.until !== null && found.until <= here.now)) return undefined
  const until = found.until === null ? '' : ` for ${formatDuration(found.until - here.now)} more`
  return held(`${what} is on hold${until}: ${found.reason}`)
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

function held(says: string): Reason {
  return { skip: 'held', says }
}

function capped(says: string): Reason {
  return { skip: 'capped', says }
}
