import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Event, Shown } from '../../../src/http/types.ts'
import { createStore, useStore } from '../lib/store.ts'
import { address } from './client.ts'
import { keys } from './keys.ts'
import { type Connection, followEvents } from './socket.ts'

const connection = createStore<Connection>({ is: 'connecting' })

export function useConnection(): Connection {
  return useStore(connection)
}

/** However many events come, the board is asked for again at most this often. */
const pauseMs = 150

/** Keeps what the page knows as new as what the server tells. Undefined: nothing is known yet. */
export function useLive(board: string | null, since: number | undefined): void {
  const client = useQueryClient()
  const ready = since !== undefined
  useEffect(() => {
    if (!ready) return
    const refresher = refreshing(client, board)
    const end = followEvents<Event>({
      url: (cursor) => socketAddress(board, cursor),
      since,
      onEvents: refresher.touch,
      onState(state) {
        connection.set(state)
        // What happened without events meanwhile: a board put in place of this one, a dispatcher that ended.
        if (state.is === 'live') void refreshAll(client, board)
      },
    })
    return () => {
      end()
      refresher.end()
    }
  }, [client, board, ready])
}

function socketAddress(board: string | null, since: number): string {
  const url = new URL(address('/events', { board, since }), location.href)
  url.protocol = url.protocol.replace('http', 'ws')
  return url.href
}

/** Gathers events, and asks anew for what they touch: a burst of them is one question. */
function refreshing(client: QueryClient, board: string | null) {
  let touched = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let next = 0

  async function refresh(): Promise<void> {
    timer = undefined
    next = performance.now() + pauseMs
    const ids = touched
    touched = new Set()
    await Promise.all([refreshBoard(client, board), refreshTasks(client, board, ids)])
  }

  return {
    touch(events: readonly Event[]): void {
      for (const event of events) touched.add(event.task_id)
      timer ??= setTimeout(refresh, Math.max(10, next - performance.now()))
    },
    end: () => clearTimeout(timer),
  }
}

/** Resolves when the page shows what the board holds now. */
export async function refreshBoard(client: QueryClient, board: string | null): Promise<void> {
  await client.refetchQueries({ queryKey: keys.boardOf(board), type: 'active' })
}

async function refreshTasks(
  client: QueryClient,
  board: string | null,
  ids: ReadonlySet<string>,
): Promise<void> {
  await client.invalidateQueries({
    queryKey: ['task', board],
    predicate: ({ state }) => concerns(state.data as Shown | undefined, ids),
  })
  void client.invalidateQueries({ queryKey: ['graph', board] })
  void client.invalidateQueries({ queryKey: ['search', board] })
  void client.invalidateQueries({ queryKey: keys.assignees(board), refetchType: 'none' })
  void client.invalidateQueries({ queryKey: keys.boards(), refetchType: 'none' })
}

/** Its chips show the status of its neighbours. */
function concerns(shown: Shown | undefined, ids: ReadonlySet<string>): boolean {
  if (shown === undefined) return true
  const { task, links } = shown
  return [task.id, ...links.parents, ...links.children].some((id) => ids.has(id))
}

async function refreshAll(client: QueryClient, board: string | null): Promise<void> {
  await Promise.all([
    refreshBoard(client, board),
    client.invalidateQueries({ queryKey: ['task', board] }),
    client.invalidateQueries({ queryKey: keys.situation(board) }),
  ])
}
