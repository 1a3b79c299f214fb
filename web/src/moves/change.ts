import { type QueryClient, useMutationState } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Bulk, BulkChange, Card, TaskAnswer, TaskChange } from '../../../src/http/types.ts'
import { call, Refused } from '../api/client.ts'
import { keys } from '../api/keys.ts'
import { refreshBoard } from '../api/live.ts'

/** A change of some cards, and how they look until the server has answered. */
export interface Change {
  readonly board: string | null
  readonly ids: readonly string[]
  readonly change: Omit<BulkChange, 'ids'>
  readonly looks: Partial<Card>
}

export interface Failure {
  readonly id: string
  readonly error: string
}

const mutationKey = ['change']

/** Asks for it; resolves with the cards that were refused, when the page shows what has become of all. */
export function makeChange(client: QueryClient, change: Change): Promise<Failure[]> {
  const mutation = client.getMutationCache().build(client, {
    mutationKey,
    mutationFn: async (wanted: Change) => {
      const { failures, isReached } = await send(wanted)
      // To ask who could not be reached again and again would leave the page as if it were done.
      if (!isReached) return failures
      const { board, ids } = wanted
      await Promise.all([
        refreshBoard(client, board),
        ...ids.map((id) => client.invalidateQueries({ queryKey: keys.task(board, id) })),
      ])
      return failures
    },
  })
  return mutation.execute(change)
}

interface Sent {
  readonly failures: Failure[]
  readonly isReached: boolean
}

async function send({ board, ids, change }: Change): Promise<Sent> {
  try {
    const [id] = ids
    if (id !== undefined && ids.length === 1 && !change.reclaim_first && !change.archive) {
      const body = change satisfies TaskChange as TaskChange
      await call<TaskAnswer>(`/tasks/${id}`, { method: 'PATCH', query: { board }, body })
      return { failures: [], isReached: true }
    }
    const body: BulkChange = { ids: [...ids], ...change }
    const { results } = await call<Bulk>('/tasks/bulk', { method: 'POST', query: { board }, body })
    const failures = results.flatMap(({ id, ok, error }) =>
      ok ? [] : [{ id, error: error ?? 'refused' }],
    )
    return { failures, isReached: true }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const failures = ids.map((id) => ({ id, error: error.message }))
    return { failures, isReached: error.code !== 'unreachable' }
  }
}

/** How cards look while changes of them are under way; what is refused looks as it was again. */
export function usePending(): ReadonlyMap<string, Partial<Card>> {
  const changes = useMutationState({
    filters: { mutationKey, status: 'pending' },
    select: ({ state }) => state.variables as Change,
  })
  return useMemo(() => {
    const looks = new Map<string, Partial<Card>>()
    for (const change of changes) {
      for (const id of change.ids) looks.set(id, { ...looks.get(id), ...change.looks })
    }
    return looks
  }, [changes])
}
