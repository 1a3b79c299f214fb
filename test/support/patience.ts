/** Waiting for what a board will say, by being rung and not by the clock. */

import { show } from '../../src/board/show.ts'
import { outlast } from '../../src/store/outlasting.ts'
import type { Reader, Store } from '../../src/store/store.ts'

/** Far longer than anything takes, even on a busy machine. */
const patienceMs = 90_000

export interface Patience {
  /** Waits until `look` gives something, asking again after every commit. */
  until<T>(what: string, look: (reader: Reader) => Promise<T | undefined | false>): Promise<T>
  /** Waits until the task is in one of these statuses and shows it. */
  comes(task: string, ...statuses: string[]): Promise<Awaited<ReturnType<typeof show>>>
}

/** A server that is away for a while is waited for. `said` is what a failure shows beside what it waited for. */
export function awaiting(store: Store, said: () => string = () => ''): Patience {
  const awaited: Patience = {
    until(what, look) {
      return new Promise((found, failed) => {
        const over = new AbortController()
        const end = (): void => {
          clearTimeout(timer)
          unwatch()
          over.abort()
        }
        const timer = setTimeout(() => {
          end()
          failed(new Error(`waited in vain until ${what}\n${said()}`))
        }, patienceMs)
        let again = Promise.resolve()
        const ask = async (): Promise<void> => {
          if (over.signal.aborted) return
          const value = await outlast(over.signal, () => store.read(look))
          if (value === undefined || value === false) return
          end()
          found(value)
        }
        const ring = (): void => {
          again = again.then(ask).catch(failed)
        }
        const unwatch = store.watch(ring)
        ring()
      })
    },
    comes(task, ...statuses) {
      return awaited.until(`${task} is ${statuses.join(' or ')}`, async (reader) => {
        const shown = await show(reader, task, 100)
        return statuses.includes(shown.task.status) && shown
      })
    },
  }
  return awaited
}
