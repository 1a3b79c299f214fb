import { useQuery } from '@tanstack/react-query'
import type { Assignees, Boards, Found, PageConfig } from '../../../src/http/types.ts'
import { call } from './client.ts'
import { keys } from './keys.ts'

/** What surrounds the board: who can be given work, the other boards, the settings of the page. */

export function useAssignees(board: string | null) {
  return useQuery({
    queryKey: keys.assignees(board),
    queryFn: ({ signal }) => call<Assignees>('/assignees', { query: { board }, signal }),
    select: ({ assignees }) => assignees,
    staleTime: 10_000,
  })
}

export function useBoards() {
  return useQuery({
    queryKey: keys.boards(),
    queryFn: ({ signal }) => call<Boards>('/boards', { signal }),
    staleTime: 10_000,
  })
}

export function useConfig() {
  return useQuery({
    queryKey: keys.config(),
    queryFn: ({ signal }) => call<PageConfig>('/config', { signal }),
    staleTime: 60_000,
  })
}

/** The board's answer about texts that cards do not carry; undefined while it is not there. */
export function useFound(board: string | null, q: string, archived: boolean) {
  const { data } = useQuery({
    queryKey: [...keys.search(board, q), archived],
    queryFn: ({ signal }) =>
      call<Found>('/search', { query: { board, q, include_archived: archived }, signal }),
    enabled: q !== '',
    staleTime: 5_000,
    select: ({ ids }) => new Set(ids),
  })
  return data
}
