import { useQuery } from '@tanstack/react-query'
import type { Graph, Shown } from '../../../src/http/types.ts'
import { setServerTime } from '../lib/clock.ts'
import { call } from './client.ts'
import { keys } from './keys.ts'

const events = 200

export function useTask(board: string | null, id: string) {
  return useQuery({
    queryKey: keys.task(board, id),
    queryFn: async ({ signal }) => {
      const shown = await call<Shown>(`/tasks/${encodeURIComponent(id)}`, {
        query: { board, events },
        signal,
      })
      setServerTime(shown.now)
      return shown
    },
  })
}

/** Everything that a task hangs together with; without one, all that is linked on the board. */
export function useGraph(board: string | null, id: string | null) {
  return useQuery({
    queryKey: keys.graph(board, id),
    queryFn: ({ signal }) => call<Graph>('/links', { query: { board, task_id: id }, signal }),
  })
}
