import { monotonic } from '../../lib/clock.ts'

/** Milliseconds until another try: after the first failure, the second, and so on; the last again and again. */
export type Waits = readonly number[]

export const usualWaits: Waits = [1000, 2000, 5000, 15_000, 60_000]

/** Who has to wait, by a key: each further failure in a row makes the wait longer. */
export function createWaits(waits: Waits) {
  const all = new Map<string, { failures: number; until: number }>()
  return {
    /** Returns the milliseconds: `named` where the other end has said how long. */
    failed(key: string, named = 0): number {
      const failures = all.get(key)?.failures ?? 0
      const usual = waits[Math.min(failures, waits.length - 1)] ?? 0
      const wait = named > 0 ? named : usual
      all.set(key, { failures: named > 0 ? failures : failures + 1, until: monotonic() + wait })
      return wait
    },
    /** The milliseconds that are left. */
    left: (key: string): number => Math.max(0, (all.get(key)?.until ?? 0) - monotonic()),
    over: (key: string): void => void all.delete(key),
    clear: (): void => all.clear(),
  }
}
