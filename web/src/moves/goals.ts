import type { Status } from '../../../src/http/types.ts'
import { isStatus } from '../status/statuses.ts'

/** Where a person can ask a task to be. Never `running`: only a claim leads there. */
export type Goal = Exclude<Status, 'running'>

/** What the way from one status to another is called. The server decides whether it is open. */
const ways: Record<Status, Partial<Record<Goal, string>>> = {
  triage: { ready: 'Promote', archived: 'Archive' },
  todo: { triage: 'Park in triage', ready: 'Start without waiting', archived: 'Archive' },
  ready: { done: 'Complete', blocked: 'Block', triage: 'Park in triage', archived: 'Archive' },
  running: {
    done: 'Complete',
    blocked: 'Block',
    ready: 'Take back',
    triage: 'Take back and park',
    archived: 'Archive',
  },
  blocked: {
    ready: 'Unblock',
    done: 'Complete',
    triage: 'Park in triage',
    archived: 'Archive',
  },
  done: { ready: 'Reopen', archived: 'Archive' },
  archived: { ready: 'Bring back' },
}

export interface Way {
  readonly goal: Goal
  readonly name: string
}

/** Empty for a status of another program: what it means is not ours to change. */
export function waysFrom(status: string): Way[] {
  if (!isStatus(status)) return []
  return Object.entries(ways[status]).map(([goal, name]) => ({ goal: goal as Goal, name }))
}

/** Asked about first, wherever the move is made. */
const asked: readonly Goal[] = ['done', 'archived', 'blocked']

export function asksFirst(goal: Goal): boolean {
  return asked.includes(goal)
}
