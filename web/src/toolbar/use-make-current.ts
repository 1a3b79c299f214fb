import { useQueryClient } from '@tanstack/react-query'
import type { Switched } from '../../../src/http/types.ts'
import { call, wordsOf } from '../api/client.ts'
import { keys } from '../api/keys.ts'
import { refuse, say } from '../ui/toast.tsx'

/** Makes a board the one that commands mean where none is named. */
export function useMakeCurrent(): (slug: string) => Promise<void> {
  const client = useQueryClient()
  return async (slug) => {
    try {
      const { pinned_by } = await call<Switched>(`/boards/${slug}/switch`, { method: 'POST' })
      await client.invalidateQueries({ queryKey: keys.boards() })
      const but = pinned_by === null ? undefined : `But ${pinned_by} is set there and comes first.`
      say(`The command line means ${slug} now`, but)
    } catch (error) {
      refuse(`The command line’s board is as it was`, wordsOf(error))
    }
  }
}
