/** What a measurement is. */

import type { Row } from './measure.ts'

export interface Size {
  /** A smoke test: everything runs, no number means anything. */
  readonly quick: boolean
  /** Also what takes a minute to prepare. */
  readonly large: boolean
}

/** One file measures one thing; yields each row as soon as it is known. */
export type Measurement = (size: Size) => AsyncGenerator<Row>
