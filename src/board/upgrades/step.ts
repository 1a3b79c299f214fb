import type { Reader, Tx } from '../../store/store.ts'
import type { Shape } from './shape.ts'

/**
 * What an older program left in another way, and how it is mended, before the schema adds what is
 * missing. `needed` is asked again inside the transaction: several processes may open a board at once.
 */
export interface ShapeStep {
  readonly needed: (shape: Shape) => boolean
  readonly apply: (tx: Tx, shape: Shape) => Promise<void>
}

/** The same of rows, once every table and column is there. */
export interface RowStep {
  readonly needed: (reader: Reader) => Promise<boolean>
  readonly apply: (tx: Tx) => Promise<void>
}
