/** The sentences that say why a task is where it is, each once for `why` and for a board of cards. */

import { formatDuration } from '../lib/duration.ts'
import { cut, firstLine, oneLine } from '../lib/text.ts'
import { unfinished } from '../model/end.ts'

/** With the time that is left, for who reads it now. */
export function heldWords({ says, until }: Held, now: number): string {
  return until === undefined ? says : `${says} in ${formatDuration(until - now)}`
}

interface Held {
  readonly says: string
  readonly until?: number
}

/** How often a task has failed, and what came of it last. */
export interface Failed {
  readonly consecutive_failures: number
  readonly last_failure_error: string | null
  /** Its own limit; null where that of the dispatcher counts. */
  readonly max_retries: number | null
}

/** Of a task that waits for its next try. */
export function retryWords(task: Failed, usualLimit: number): string {
  const { consecutive_failures: failures, last_failure_error: error } = task
  if (failures === 0) return 'it is tried again'
  const limit = task.max_retries ?? usualLimit
  // A dispatcher that was started with another limit may go on beyond ours.
  const after = failures < limit ? `failure ${failures} of ${limit}` : `${failures} failures`
  return `after ${after}${error ? ` (${short(firstLine(error), 150)})` : ''} it is tried again`
}

/** How long somebody who claimed a task by hand keeps it. */
export function claimWords(expires: number | null, now: number, dispatching: boolean): string {
  if (expires === null) return 'the claim has no end'
  if (expires > now) return `the claim is good for ${formatDuration(expires - now)}`
  return dispatching
    ? 'the claim has lapsed: the next pass takes it back'
    : 'the claim has lapsed, but no dispatcher is running here that takes it back'
}

export const parkedWords = 'it is parked until somebody says what it is'

/** Of a ready task that nothing holds back. */
export function freeWords({ dispatching, trouble }: Starting): string {
  if (!dispatching) return 'it could start, but no dispatcher is running here'
  return trouble === null
    ? 'nothing holds it back: it starts with the next pass'
    : `it could start, but the dispatcher is in trouble: ${trouble}`
}

/** Whether anything here starts work, and what is wrong with that. */
export interface Starting {
  readonly dispatching: boolean
  readonly trouble: string | null
}

interface Waited {
  readonly id: string
  readonly status: string
}

export function waitingWords(parents: readonly Waited[]): string {
  if (parents.length === 0) return 'nothing holds it back: the next pass promotes it'
  const named = parents.slice(0, 5).map((parent) => `${parent.id} (${parent.status})`)
  const more = parents.length > 5 ? ` and ${parents.length - 5} more` : ''
  return `it waits for ${named.join(', ')}${more}`
}

interface Blocked {
  readonly assignee: string | null
  readonly block_kind: string | null
  readonly consecutive_failures: number
  readonly last_failure_error: string | null
}

/** What a blocked task wants to know, and who asks. */
export interface Question {
  readonly by: string | null
  readonly text: string
}

export function blockedWords(task: Blocked, question: Question | undefined): string {
  const error = task.last_failure_error ? `: ${short(firstLine(task.last_failure_error))}` : ''
  switch (task.block_kind) {
    case 'breaker':
      return `it failed ${times(task.consecutive_failures)}${error}`
    case 'protocol':
      return `its worker ended without completing or blocking it${error.replace(`: ${unfinished}`, '')}`
    case 'quota':
      return `it met nothing but quotas${error}`
    case 'login':
      return `a login is missing${error}`
    default:
      return asked(question, task.assignee)
  }
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times in a row`
}

function asked(question: Question | undefined, worker: string | null): string {
  if (question === undefined || question.text === '') return 'it waits for an answer'
  if (question.by === null) return `it waits for an answer: ${short(question.text)}`
  const by = oneLine(question.by)
  return question.by === worker
    ? `it waits for an answer to ${by}: ${short(question.text)}`
    : `it was blocked by ${by}: ${short(question.text)}`
}

function short(text: string, bytes = 300): string {
  return cut(oneLine(text), bytes)
}
