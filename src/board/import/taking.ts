import type { Tx } from '../../store/store.ts'
import type { Link } from './circles.ts'
import type { Draft } from './report.ts'
import type { Row } from './rows.ts'

/** What later entries, and the end, need to know of earlier ones. */
export interface Taking {
  readonly tx: Tx
  readonly draft: Draft
  /** Tasks taken now, and those that were here. */
  readonly taken: Set<string>
  readonly here: Set<string>
  /** The number of a run there → its number here. */
  readonly runs: Map<unknown, number>
  /** Tasks that were running → the number of their run there. */
  readonly running: Map<string, unknown>
  readonly links: Link[]
  readonly subscriptions: Row[]
}

export function createTaking(tx: Tx, draft: Draft): Taking {
  return {
    tx,
    draft,
    taken: new Set(),
    here: new Set(),
    runs: new Map(),
    running: new Map(),
    links: [],
    subscriptions: [],
  }
}
