import type { QueryClient } from '@tanstack/react-query'
import type { Card } from '../../../src/http/types.ts'
import { seconds } from '../lib/clock.ts'
import { createStore } from '../lib/store.ts'
import { line } from '../lib/text.ts'
import { deselect, select } from '../selection/selection.ts'
import { lookOf } from '../status/statuses.ts'
import { refuse } from '../ui/toast.tsx'
import { type Failure, makeChange } from './change.ts'
import { asksFirst, type Goal } from './goals.ts'

/** Cards that somebody wants elsewhere. */
export interface Wish {
  readonly board: string | null
  readonly cards: readonly Card[]
  readonly goal: Goal
}

/** A wish about which somebody is being asked; null while nobody is. */
export const asking = createStore<Wish | null>(null)

/** What was refused of a change of several; null once it was read. */
export const refused = createStore<Refusals | null>(null)

export interface Refusals {
  readonly asked: string
  readonly cards: readonly Card[]
  readonly failures: readonly Failure[]
}

/** The words that go with a move: the question of a block, the summary of a completion. */
export interface Words {
  readonly block_reason?: string
  readonly summary?: string
}

/** Every move that a person makes comes through here, however it was made. */
export function wish(client: QueryClient, wanted: Wish): void {
  const cards = wanted.cards.filter(({ status }) => status !== wanted.goal)
  if (cards.length === 0) return
  const rest = { ...wanted, cards }
  if (asksFirst(wanted.goal)) asking.set(rest)
  else void move(client, rest)
}

export async function move(
  client: QueryClient,
  { board, cards, goal }: Wish,
  words: Words = {},
): Promise<void> {
  const looks = { status: goal, since: seconds(), why: null }
  await change(client, { board, cards }, lookOf(goal).name, { status: goal, ...words }, looks)
}

/** Changes cards and tells what was refused: a single one in a word, several card by card. */
export async function change(
  client: QueryClient,
  { board, cards }: Pick<Wish, 'board' | 'cards'>,
  asked: string,
  wanted: Parameters<typeof makeChange>[1]['change'],
  looks: Partial<Card>,
): Promise<readonly Failure[]> {
  const ids = cards.map(({ id }) => id)
  // At once: until the server has answered somebody may have selected others.
  if (cards.length > 1) deselect(ids)
  const failures = await makeChange(client, { board, ids, change: wanted, looks })
  // That is what somebody has to look at.
  if (cards.length > 1) select(failures.map(({ id }) => id))
  const [first] = failures
  if (first === undefined) return failures
  const [card] = cards
  if (cards.length === 1 && card !== undefined)
    refuse(`${short(card.title)}: not changed`, first.error)
  else refused.set({ asked, cards, failures })
  return failures
}

function short(title: string): string {
  const text = line(title)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
