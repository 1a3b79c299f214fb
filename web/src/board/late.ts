import type { Card } from '../../../src/http/types.ts'

export type Lateness = 'late' | 'wrong' | undefined

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** After how many seconds in a status a card looks late, and after how many something is wrong. */
const limits: Readonly<Record<string, readonly [late: number, wrong: number]>> = {
  running: [10 * minute, hour],
  ready: [hour, day],
  blocked: [hour, day],
  todo: [7 * day, 30 * day],
}

export function latenessOf(card: Card, now: number): Lateness {
  const limit = limits[card.status]
  if (limit === undefined) return undefined
  const age = now - card.since
  if (age >= limit[1]) return 'wrong'
  return age >= limit[0] ? 'late' : undefined
}
