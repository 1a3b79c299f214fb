import { useQueryClient } from '@tanstack/react-query'
import type { TaskChange } from '../../../src/http/types.ts'
import { call } from '../api/client.ts'
import { keys } from '../api/keys.ts'
import { refreshBoard } from '../api/live.ts'
import { usePlace } from '../url/place-store.ts'

/** Changes a task; resolves when the page shows it changed. Throws what the server refused. */
export function usePatch(id: string): (change: TaskChange) => Promise<void> {
  const act = useAct(id)
  return (change) => act('', { method: 'PATCH', body: change })
}

interface Act {
  readonly method: 'POST' | 'PATCH'
  readonly body?: unknown
}

/** As `usePatch`, for what is asked below a task. */
export function useAct(id: string): (path: string, act: Act) => Promise<void> {
  const client = useQueryClient()
  const { board } = usePlace()
  return async (path, { method, body = {} }) => {
    await call(`/tasks/${id}${path}`, { method, query: { board }, body })
    await Promise.all([
      client.invalidateQueries({ queryKey: keys.task(board, id) }),
      refreshBoard(client, board),
    ])
  }
}
