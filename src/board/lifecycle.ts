/**
 * Every way a task can change its status, as one table. A row is the guard (`from`), the target, the
 * event, how an open run closes and what is cleared; `move` writes it, the documents and the tests
 * read it. What depends on other rows is in the target: `settled` is todo while a parent is open,
 * else ready; `origin` is where the run was claimed from, settled.
 */

import type { EventKind } from '../model/event.ts'
import type { Outcome } from '../model/run.ts'
import type { Status } from '../model/status.ts'

/** `failures`: counter and last error · `delay`: not_before · `block`: block_kind · `completion`: completed_at. */
export type Cleared = 'failures' | 'delay' | 'block' | 'completion'

export interface Move {
  readonly from: readonly Status[]
  readonly to: Status | 'settled' | 'origin'
  readonly event: EventKind
  /** How the open run closes, when the task has one. */
  readonly outcome?: Outcome
  readonly clears?: readonly Cleared[]
  /** What it hands over is kept even when no run is open. */
  readonly handsOver?: boolean
  /** Said to a person when the task is elsewhere. */
  readonly does: string
}

const open = ['triage', 'todo', 'ready', 'running', 'blocked'] as const satisfies readonly Status[]
const failure = { from: ['running'], to: 'origin' } as const

export const lifecycle = {
  promote: { from: ['todo'], to: 'ready', event: 'promoted', does: 'be promoted' },
  demote: { from: ['ready'], to: 'todo', event: 'status', does: 'go back to todo' },
  reject: { from: ['ready'], to: 'todo', event: 'claim_rejected', does: 'go back to todo' },
  specify: { from: ['triage'], to: 'settled', event: 'status', does: 'leave triage' },
  claim: { from: ['ready'], to: 'running', event: 'claimed', does: 'be claimed' },
  complete: {
    from: ['running', 'ready', 'blocked'],
    to: 'done',
    event: 'completed',
    outcome: 'completed',
    handsOver: true,
    clears: ['failures', 'delay', 'block'],
    does: 'be completed',
  },
  block: {
    from: ['running', 'ready'],
    to: 'blocked',
    event: 'blocked',
    outcome: 'blocked',
    handsOver: true,
    clears: ['delay'],
    does: 'be blocked',
  },
  unblock: {
    from: ['blocked'],
    to: 'settled',
    event: 'unblocked',
    outcome: 'reclaimed',
    clears: ['failures', 'delay', 'block'],
    does: 'be unblocked',
  },
  archive: {
    from: [...open, 'done'],
    to: 'archived',
    event: 'archived',
    outcome: 'reclaimed',
    clears: ['delay', 'block'],
    does: 'be archived',
  },
  reclaim: {
    from: ['running'],
    to: 'origin',
    event: 'reclaimed',
    outcome: 'reclaimed',
    clears: ['failures', 'delay'],
    does: 'be reclaimed',
  },
  park: { from: ['todo', 'ready'], to: 'triage', event: 'status', does: 'be moved to triage' },
  settle: {
    from: ['triage', 'todo', 'ready'],
    to: 'settled',
    event: 'status',
    does: 'be moved',
  },
  // Moved off running or blocked by a person: it begins again without failures, as by unblock.
  withdraw: {
    from: ['running', 'blocked'],
    to: 'triage',
    event: 'status',
    outcome: 'reclaimed',
    clears: ['failures', 'delay', 'block'],
    does: 'be moved to triage',
  },
  resume: {
    from: ['running', 'blocked'],
    to: 'settled',
    event: 'status',
    outcome: 'reclaimed',
    clears: ['failures', 'delay', 'block'],
    does: 'be moved',
  },
  reopen: {
    from: ['done', 'archived'],
    to: 'settled',
    event: 'status',
    outcome: 'reclaimed',
    clears: ['failures', 'delay', 'block', 'completion'],
    does: 'be reopened',
  },
  release: { ...failure, event: 'reclaimed', outcome: 'reclaimed', does: 'be released' },
  crash: { ...failure, event: 'crashed', outcome: 'crashed', does: 'crash' },
  time_out: { ...failure, event: 'timed_out', outcome: 'timed_out', does: 'time out' },
  fail_to_start: {
    ...failure,
    event: 'spawn_failed',
    outcome: 'spawn_failed',
    does: 'fail to start',
  },
  limit: { ...failure, event: 'rate_limited', outcome: 'rate_limited', does: 'meet a quota' },
  give_up: {
    from: ['running'],
    to: 'blocked',
    event: 'gave_up',
    outcome: 'gave_up',
    clears: ['delay'],
    does: 'give up',
  },
} as const satisfies Record<string, Move>

export type Verb = keyof typeof lifecycle
