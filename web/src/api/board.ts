import { keepPreviousData, type QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import type { Board, Card, Situation } from '../../../src/http/types.ts'
import { setServerTime } from '../lib/clock.ts'
import { call } from './client.ts'
import { keys } from './keys.ts'

/** A board as the page keeps it: cards by id, so that a change is a change of few. */
export interface BoardData {
  readonly board: string
  readonly identity: string
  readonly latest: number
  /** Names of its columns in order; those of other programs at the end. */
  readonly columns: readonly string[]
  readonly cards: ReadonlyMap<string, Card>
  readonly tenants: readonly string[]
  readonly assignees: readonly string[]
  readonly situation: Situation
}

const situationMs = 15_000

/** Asks for all of it once, and from then on for what has changed since. */
export function boardQuery(client: QueryClient, board: string | null, archived: boolean) {
  const queryKey = keys.board(board, archived)
  return queryOptions({
    queryKey,
    queryFn: async ({ signal }) => {
      const known = client.getQueryData<BoardData>(queryKey)
      const answer = await call<Board>('/board', {
        query: {
          board,
          include_archived: archived,
          since: known?.latest,
          identity: known?.identity,
        },
        signal,
      })
      setServerTime(answer.now)
      client.setQueryData(keys.situation(board), answer.situation)
      return merged(known, answer)
    },
    // Cards that did not change keep their identity by `merged`; comparing 10,000 of them would take longer.
    structuralSharing: false,
    placeholderData: (before: BoardData | undefined, query) =>
      query?.queryKey[1] === board ? keepPreviousData(before) : undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function merged(known: BoardData | undefined, answer: Board): BoardData {
  return {
    board: answer.board,
    identity: answer.identity,
    latest: answer.latest_event_id,
    columns: answer.columns.map(({ name }) => name),
    cards: mergedCards(known?.cards, answer),
    tenants: answer.tenants,
    assignees: answer.assignees,
    situation: answer.situation,
  }
}

/** The same map where nothing has changed, so that nothing is sorted and drawn anew. */
function mergedCards(known: BoardData['cards'] | undefined, answer: Board): BoardData['cards'] {
  const changed = answer.columns.flatMap(({ tasks }) => tasks)
  if (known !== undefined && !answer.whole && changed.length + answer.left.length === 0)
    return known
  const cards = new Map(answer.whole ? [] : known)
  for (const id of answer.left) cards.delete(id)
  for (const card of changed) cards.set(card.id, card)
  return cards
}

/** How things stand apart from any task: it changes without an event. */
export function useSituation(board: string | null): Situation | undefined {
  const { data } = useQuery({
    queryKey: keys.situation(board),
    queryFn: ({ signal }) => call<Situation>('/situation', { query: { board }, signal }),
    refetchInterval: situationMs,
    staleTime: situationMs,
  })
  return data
}
