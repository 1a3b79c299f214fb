import type { Sql } from '../../store/sql.ts'
import type { Reader, Tx } from '../../store/store.ts'
import type { Shape } from './shape.ts'

/**
 * Something that an older program left in another way. Steps before the additions of the schema
 * read the shape alone, those after it may look at rows; `needed` is asked again inside the
 * transaction, for several processes open a board at the same time.
 */
export interface ShapeStep {
  readonly needed: (shape: Shape) => boolean
  readonly apply: (tx: Tx, shape: Shape) => Promise<void>
}

export interface RowStep {
  readonly needed: (reader: Reader) => Promise<boolean>
  readonly apply: (tx: Tx) => Promise<void>
}

/** Statements about tables that are only known at run time; nothing in them comes from a row. */
export function statement(text: string): Sql {
  return { strings: [text], parts: [] }
}
