import { type EntryType, entryTypes } from '../export/entries.ts'

/** What has been taken, and what not. */
export interface Report {
  readonly taken: Readonly<Record<EntryType, number>>
  /** Tasks that were here from an earlier time; they and all about them stay as they are. */
  readonly here: number
  /** Taken, but not as it was. */
  readonly changed: readonly Note[]
  readonly left: readonly Note[]
}

export interface Note {
  readonly why: string
  readonly count: number
  /** The first of them. */
  readonly which: readonly string[]
}

/** How many are named for one reason. */
const named = 20

/** A report as it is being written. */
export interface Draft {
  took(type: EntryType): void
  wasHere(): void
  changed(what: string, why: string): void
  left(what: string, why: string): void
  report(): Report
}

export function createDraft(): Draft {
  const taken = Object.fromEntries(entryTypes.map((type) => [type, 0])) as Record<EntryType, number>
  const changes = new Map<string, Set<string>>()
  const leftovers = new Map<string, Set<string>>()
  let here = 0
  return {
    took: (type) => {
      taken[type] += 1
    },
    wasHere: () => {
      here += 1
    },
    changed: (what, why) => note(changes, what, why),
    left: (what, why) => note(leftovers, what, why),
    report: () => ({ taken: { ...taken }, here, changed: told(changes), left: told(leftovers) }),
  }
}

function note(notes: Map<string, Set<string>>, what: string, why: string): void {
  notes.set(why, (notes.get(why) ?? new Set()).add(what))
}

function told(notes: ReadonlyMap<string, ReadonlySet<string>>): Note[] {
  return [...notes].map(([why, all]) => ({
    why,
    count: all.size,
    which: [...all].slice(0, named),
  }))
}
