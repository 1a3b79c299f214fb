/** Numbers that a noisy machine cannot bend: rounds in turn, medians, ratios pair by pair. */

export type Unit = '/s' | 'ms' | 'µs' | 'MB' | 'B'

export type Target =
  | { readonly ratioAtLeast: number }
  | { readonly ratioAtMost: number }
  | { readonly atMost: number }

export interface Row {
  readonly name: string
  readonly unit: Unit
  readonly ours: number
  /** What the same work costs without us. */
  readonly floor?: number
  readonly ratio?: number
  /** Without one, the row only tells. */
  readonly target?: Target
}

export function isMet({ ours, ratio, target }: Row): boolean {
  if (target === undefined) return true
  if ('atMost' in target) return ours <= target.atMost
  if (ratio === undefined) return false
  return 'ratioAtLeast' in target ? ratio >= target.ratioAtLeast : ratio <= target.ratioAtMost
}

/** Resolves with what it measured. */
export type Round = () => Promise<number>

export interface Pair {
  readonly ours: number
  readonly floor: number
  readonly ratio: number
}

/** Rounds that do not count: where it is a long-lived process that is asked about, its code is compiled. */
const WARM_UP = 3

/**
 * Ours and the floor in turn, each as often first as the other. What slows the machine for a while
 * slows both halves of a pair, so the ratio is the median of the pairs', not that of the medians.
 */
export async function compare(ours: Round, floor: Round, rounds: number): Promise<Pair> {
  for (let round = 0; round < Math.min(WARM_UP, rounds); round += 1) {
    await ours()
    await floor()
  }
  const pairs: { ours: number; floor: number }[] = []
  for (let round = 0; round < rounds; round += 1) {
    const first = await (round % 2 === 0 ? ours : floor)()
    const second = await (round % 2 === 0 ? floor : ours)()
    pairs.push(round % 2 === 0 ? { ours: first, floor: second } : { ours: second, floor: first })
  }
  return {
    ours: median(pairs.map((pair) => pair.ours)),
    floor: median(pairs.map((pair) => pair.floor)),
    ratio: median(pairs.map((pair) => pair.ours / pair.floor)),
  }
}

export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = Number.NaN, high = Number.NaN] = sorted.slice(middle - 1 + (sorted.length % 2))
  return sorted.length % 2 === 0 ? (low + high) / 2 : low
}

/** Milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** What `work`, which does something `count` times, says of doing it once. */
export type Yardstick = (count: number, work: () => Promise<unknown>) => Promise<number>

/** How often a second. */
export const rate: Yardstick = async (count, work) => (count / (await timed(work))) * 1000

/** Microseconds of processor time: what is left when the disk and other programs are left out. */
export const cost: Yardstick = async (count, work) => ((await processorTime(work)) / count) * 1000

/**
 * Milliseconds of processor time, after a tenth of `count` as warm-up. For work that
 * waits for nothing: a clock on the wall would measure what else the machine does. That can only add,
 * so it is the quarter that went fastest which tells.
 */
export async function latency(count: number, work: () => Promise<unknown>): Promise<number> {
  await times(Math.ceil(count / 10), work)
  const samples: number[] = []
  await times(count, async () => {
    samples.push(await processorTime(work))
  })
  return samples.toSorted((a, b) => a - b)[samples.length >> 2] ?? Number.NaN
}

/** Milliseconds. */
async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** One after another. */
export async function times(count: number, work: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < count; i += 1) await work()
}

export async function each<T>(
  all: readonly T[],
  work: (one: T) => Promise<unknown>,
): Promise<void> {
  for (const one of all) await work(one)
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
