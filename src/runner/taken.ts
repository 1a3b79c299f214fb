import { getRun } from '../board/history.ts'
import { BoardError } from '../model/error.ts'
import type { Run } from '../model/run.ts'
import type { Store } from '../store/store.ts'

/**
 * Resolves with the run as soon as anybody has ended it: its worker, a person, another program; with nothing
 * when it was deleted, or its board was.
 */
export function runEnded(store: Store, id: number, signal: AbortSignal): Promise<Run | undefined> {
  return new Promise((resolve) => {
    let looking = false
    let again = false
    const unwatch = store.watch(() => void look())
    signal.addEventListener('abort', unwatch, { once: true })
    void look()

    async function look(): Promise<void> {
      again = true
      if (looking) return
      looking = true
      while (again && !signal.aborted) {
        again = false
        const seen = await store
          .read(async (reader) => ({ run: await getRun(reader, id) }))
          .catch((error: unknown) => (isGone(error) ? { run: undefined } : undefined))
        if (seen === undefined || seen.run?.ended_at === null) continue
        unwatch()
        resolve(seen.run)
        return
      }
      looking = false
    }
  })
}

function isGone(error: unknown): boolean {
  return error instanceof BoardError && error.code === 'board_gone'
}
