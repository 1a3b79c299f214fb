import type { Card } from '../../../src/http/types.ts'
import { latenessOf } from './late.ts'

/** Why a card needs somebody, worst first. */
export type Need = 'breaker' | 'warning' | 'stuck'

/** A question is what `blocked` is for; the other kinds of block are faults. */
const faults = new Set(['breaker', 'protocol', 'quota', 'login'])

export function needOf(card: Card, now: number): Need | undefined {
  if (card.status === 'blocked' && faults.has(card.block_kind ?? '')) return 'breaker'
  if (card.warnings.count > 0) return 'warning'
  return isStuck(card, now) ? 'stuck' : undefined
}

/** Somebody should have heard of it by now: a worker without a sign of life, work that nobody starts. */
function isStuck(card: Card, now: number): boolean {
  if (card.status !== 'running' && card.status !== 'ready') return false
  return latenessOf(card, now) === 'wrong'
}

const order: readonly Need[] = ['breaker', 'warning', 'stuck']

export interface Needing {
  readonly card: Card
  readonly need: Need
}

export function needing(cards: Iterable<Card>, now: number): Needing[] {
  const all: Needing[] = []
  for (const card of cards) {
    const need = card.status === 'archived' ? undefined : needOf(card, now)
    if (need !== undefined) all.push({ card, need })
  }
  return all.sort((a, b) => order.indexOf(a.need) - order.indexOf(b.need))
}
