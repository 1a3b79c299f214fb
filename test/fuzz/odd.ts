/** What nobody expects, drawn from a seed: a failure prints the shortest example and how to draw it again. */

import fc from 'fast-check'
import { oddTexts } from '../properties/odd-texts.ts'

export interface Size {
  /** How many examples are drawn. */
  readonly runs: number
  /** The same examples each time; without one others each time. */
  readonly seed?: number
}

/** Enough to see what is broken each time; `npm run test:long` looks further. */
export const quick = (runs: number): Size => ({ runs, seed: 20_261 })

/** Holds for each example of `values`. */
export async function always<T>(
  values: fc.Arbitrary<T>,
  { runs, seed }: Size,
  holds: (value: T) => Promise<void>,
): Promise<void> {
  await fc.assert(fc.asyncProperty(values, holds), {
    numRuns: runs,
    ...(seed === undefined ? {} : { seed }),
    // A failure is worth a minute of looking for a shorter one, and no more.
    interruptAfterTimeLimit: 540_000,
  })
}

const { 'a megabyte': megabyte = '', ...shortTexts } = oddTexts

export const oddText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...Object.values(shortTexts), '', ' ', '-', '../x') },
  { weight: 3, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.nat(9).map((n) => (n === 0 ? megabyte : 'long '.repeat(n * 200))) },
)

export const oddNumber = fc.oneof(
  fc.constantFrom(-1, 0.5, -0, 1e21, 1e308, 2 ** 31, 2 ** 53, -(2 ** 53), 2 ** 63, 4_294_967_296),
  fc.integer({ min: -5, max: 50 }),
)

/** Whatever JSON can say. */
export const odd: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: oddText },
  { weight: 3, arbitrary: oddNumber },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null]) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.array(oddText, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.nat(3).map((n) => nested(10 ** n)) },
)

function nested(depth: number): unknown {
  let value: unknown = 'deep'
  for (let n = 0; n < depth; n += 1) value = [value]
  return value
}

/** The n-th of the tasks that there are, whatever its id; or a text in the place of one. */
export type Which = { readonly nth: number } | string

export const which: fc.Arbitrary<Which> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ nth: fc.nat(20) }) },
  { weight: 1, arbitrary: oddText },
)

export function idOf(one: Which, ids: readonly string[]): string {
  return typeof one === 'string' ? one : (ids[one.nth % ids.length] ?? '')
}
