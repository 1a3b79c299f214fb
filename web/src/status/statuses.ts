import type { Status } from '../../../src/model/status.ts'

interface Look {
  readonly name: string
  /** A line under the column's name. */
  readonly meaning: string
  /** What an empty column says. */
  readonly empty: string
  readonly ink: string
}

/** How the page speaks of each status. The type makes a new one a fault here. */
const looks: Record<Status, Look> = {
  triage: {
    name: 'Triage',
    meaning: 'Parked, not decided yet',
    empty: 'Nothing is parked. Ideas put here wait until you promote them.',
    ink: 'text-triage',
  },
  todo: {
    name: 'Todo',
    meaning: 'Waits for other tasks',
    empty: 'Nothing waits for other tasks.',
    ink: 'text-todo',
  },
  ready: {
    name: 'Ready',
    meaning: 'Can be started',
    empty: 'Nothing is ready to be started.',
    ink: 'text-ready',
  },
  running: {
    name: 'Running',
    meaning: 'A worker is on it',
    empty: 'No worker is busy.',
    ink: 'text-running',
  },
  blocked: {
    name: 'Blocked',
    meaning: 'Waits for a person',
    empty: 'Nothing waits for you.',
    ink: 'text-blocked',
  },
  done: { name: 'Done', meaning: 'Finished', empty: 'Nothing is finished yet.', ink: 'text-done' },
  archived: {
    name: 'Archived',
    meaning: 'Put away',
    empty: 'Nothing is put away.',
    ink: 'text-archived',
  },
}

export const statusNames = Object.keys(looks) as Status[]

export function isStatus(name: string): name is Status {
  return Object.hasOwn(looks, name)
}

/** Another program that shares the board may have statuses of its own: they are shown, never moved. */
export function lookOf(status: string): Look {
  if (isStatus(status)) return looks[status]
  return {
    name: status,
    meaning: 'Set by another program',
    empty: 'Nothing is here.',
    ink: 'text-faint',
  }
}
