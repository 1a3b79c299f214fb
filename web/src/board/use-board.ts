import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import type { Card } from '../../../src/http/types.ts'
import { useFound } from '../api/around.ts'
import { type BoardData, boardQuery } from '../api/board.ts'
import { useNow } from '../lib/clock.ts'
import { usePending } from '../moves/change.ts'
import { currentPlace } from '../url/place-store.ts'
import { useView } from '../url/view.ts'
import { type Needing, needing } from './attention.ts'
import { type Column, columnNames, columnsOf } from './columns.ts'

export function useBoard() {
  const { board, archived } = useView()
  return useQuery(boardQuery(useQueryClient(), board, archived))
}

const noCards: ReadonlyMap<string, Card> = new Map()

/** Every card, as it looks while what was asked for is under way. */
export function useCards(): ReadonlyMap<string, Card> {
  const cards = useBoard().data?.cards ?? noCards
  const pending = usePending()
  return useMemo(() => {
    if (pending.size === 0) return cards
    const shown = new Map(cards)
    for (const [id, looks] of pending) {
      const card = cards.get(id)
      if (card !== undefined) shown.set(id, { ...card, ...looks })
    }
    return shown
  }, [cards, pending])
}

export function useNeeding(cards: ReadonlyMap<string, Card>): Needing[] {
  // By the minute: what is stuck has been so for hours.
  const minute = Math.floor(useNow() / 60)
  return useMemo(() => needing(cards.values(), minute * 60), [cards, minute])
}

export function useColumns(cards: ReadonlyMap<string, Card>, needs: readonly Needing[]): Column[] {
  const { board, archived, tenant, assignee, attention, q: typed } = useView()
  const q = useDeferredValue(typed.trim())
  const found = useFound(board, q, archived)
  const answered = useBoard().data?.columns
  const only = useMemo(
    () => (attention ? new Set(needs.map(({ card }) => card.id)) : undefined),
    [attention, needs],
  )
  return useMemo(() => {
    const names = columnNames(answered ?? [], archived)
    const filter = { q, found, tenant, assignee, only }
    return columnsOf(cards.values(), names, filter).filter(({ name }) => names.includes(name))
  }, [cards, answered, archived, q, found, tenant, assignee, only])
}

/** The cards with these ids that the page knows of, outside of what draws them. */
export function cardsOf(client: QueryClient, ids: Iterable<string>): Card[] {
  const all = client
    .getQueriesData<BoardData>({ queryKey: ['board', currentPlace().board] })
    .flatMap(([, data]) => (data === undefined ? [] : [data.cards]))
  return [...ids].flatMap((id) => all.find((cards) => cards.has(id))?.get(id) ?? [])
}
