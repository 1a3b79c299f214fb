import type { Reader, Tx } from '../../store/store.ts'
import type { Row } from '../insert-rows.ts'
import type { Link } from './circles.ts'
import type { Draft } from './report.ts'

/** What later entries, and the end, need to know of earlier ones. */
export interface Taking {
  readonly reader: Reader
  /** Undefined in a dry run, which decides everything and writes nothing. */
  readonly tx: Tx | undefined
  readonly draft: Draft
  /** Tasks taken now, and those that were here. */
  readonly taken: Set<string>
  readonly here: Set<string>
  /** Idempotency keys of open tasks taken now. */
  readonly keys: Set<string>
  /** The number of a run there → its number here. */
  readonly runs: Map<unknown, number>
  /** Tasks that were running → the number of their run there. */
  readonly running: Map<string, unknown>
  readonly links: Link[]
  readonly subscriptions: Row[]
}

export function createTaking(reader: Reader, tx: Tx | undefined, draft: Draft): Taking {
  return {
    reader,
    tx,
    draft,
    taken: new Set(),
    here: new Set(),
    keys: new Set(),
    runs: new Map(),
    running: new Map(),
    links: [],
    subscriptions: [],
  }
}
