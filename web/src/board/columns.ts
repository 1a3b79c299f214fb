import type { Card } from '../../../src/http/types.ts'
import { statusNames } from '../status/statuses.ts'
import { type Filter, passes } from './filter.ts'

export interface Column {
  readonly name: string
  readonly cards: readonly Card[]
  /** Of them, how many the filter hides. */
  readonly hidden: number
}

/** The cards that pass, by status, each column in the order in which somebody would look at it. */
export function columnsOf(
  cards: Iterable<Card>,
  names: readonly string[],
  filter: Filter,
): Column[] {
  const byStatus = new Map<string, Card[]>(names.map((name) => [name, []]))
  const hidden = new Map<string, number>()
  for (const card of cards) {
    if (!passes(card, filter)) hidden.set(card.status, (hidden.get(card.status) ?? 0) + 1)
    else if (byStatus.has(card.status)) byStatus.get(card.status)?.push(card)
    else byStatus.set(card.status, [card])
  }
  return [...byStatus].map(([name, all]) => ({
    name,
    cards: all.sort(orderOf(name)),
    hidden: hidden.get(name) ?? 0,
  }))
}

type Order = (a: Card, b: Card) => number

/** As they would be dispatched; what is over, newest first. */
function orderOf(status: string): Order {
  return status === 'done' || status === 'archived' ? newestFirst : dispatchOrder
}

const dispatchOrder: Order = (a, b) =>
  b.priority - a.priority || a.created_at - b.created_at || compare(a.id, b.id)

const newestFirst: Order = (a, b) =>
  (b.completed_at ?? b.created_at) - (a.completed_at ?? a.created_at) || compare(b.id, a.id)

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A row of a column: a card, or the name of the lane that begins there. */
export type Row =
  | { readonly kind: 'card'; readonly card: Card; readonly at: number }
  | { readonly kind: 'lane'; readonly assignee: string | null; readonly size: number }

/** Under the names of whom they are assigned to, where lanes are wanted. */
export function rowsOf({ name, cards }: Column, lanes: boolean): Row[] {
  if (!lanes || name !== 'running') return cards.map(asRow)
  const byAssignee = Map.groupBy(cards, ({ assignee }) => assignee)
  const sorted = [...byAssignee].sort(([a], [b]) => compare(a ?? '\uffff', b ?? '\uffff'))
  let at = 0
  return sorted.flatMap(([assignee, own]): Row[] => [
    { kind: 'lane', assignee, size: own.length },
    ...own.map((card): Row => ({ kind: 'card', card, at: at++ })),
  ])
}

function asRow(card: Card, at: number): Row {
  return { kind: 'card', card, at }
}

/** Ours always, even when empty; archived only when asked for; those of other programs while a task has them. */
export function columnNames(answered: readonly string[], archived: boolean): string[] {
  const ours = statusNames.filter((name) => archived || name !== 'archived')
  return [...ours, ...answered.filter((name) => !statusNames.includes(name as never))]
}
