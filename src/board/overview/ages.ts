import type { Card } from '../../model/card.ts'

interface Times {
  readonly created_at: unknown
  readonly started_at: unknown
  readonly completed_at: unknown
}

export function agesOf({ created_at, started_at, completed_at }: Times, now: number): Card['age'] {
  return {
    created_age_seconds: secondsBetween(created_at, now),
    started_age_seconds: secondsBetween(started_at, now),
    time_to_complete_seconds: secondsBetween(started_at ?? created_at, completed_at),
  }
}

/** Never negative, whatever the clock did. Another program may have written a time as anything: null where it is none. */
export function secondsBetween(from: unknown, to: unknown): number | null {
  if (from == null || to == null) return null
  const seconds = Math.floor(Number(to) - Number(from))
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null
}
