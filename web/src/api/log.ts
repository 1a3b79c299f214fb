import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Log, LogPiece } from '../../../src/http/types.ts'
import { address, call } from './client.ts'
import { keys } from './keys.ts'

const tail = 100_000
/** What a page can hold of a log that grows all night. */
const mostCharacters = 1_000_000

/** The end of a worker's log; while the task runs it grows with it. */
export function useLog(board: string | null, id: string, isRunning: boolean) {
  const client = useQueryClient()
  const [isFollowing, setFollowing] = useState(false)
  const queryKey = keys.log(board, id)
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => call<Log>(`/tasks/${id}/log`, { query: { board, tail }, signal }),
    staleTime: 0,
  })

  const isThere = query.data !== undefined
  useEffect(() => {
    if (!isRunning || !isThere) return
    const stream = new EventSource(address(`/tasks/${id}/log/stream`, { board, tail }))
    let isFirst = true
    stream.onopen = () => {
      // It begins with the tail, also when it comes back after it was cut off.
      isFirst = true
      setFollowing(true)
    }
    stream.onmessage = ({ data }) => {
      const { text }: LogPiece = JSON.parse(data)
      const begin = isFirst
      isFirst = false
      client.setQueryData<Log>(queryKey, (log) => log && grown(log, text, begin))
    }
    stream.onerror = () => setFollowing(false)
    return () => {
      stream.close()
      setFollowing(false)
      void client.invalidateQueries({ queryKey })
    }
  }, [client, board, id, isRunning, isThere])

  return { ...query, isFollowing }
}

function grown(log: Log, text: string, begin: boolean): Log {
  const content = begin ? text : log.content + text
  const isLong = content.length > mostCharacters
  return {
    ...log,
    exists: true,
    content: isLong ? content.slice(-mostCharacters) : content,
    truncated: log.truncated || isLong,
  }
}
