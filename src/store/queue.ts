import { monotonic } from '../lib/clock.ts'

/** Runs bodies one after another, in the order in which they came. */
export interface Queue {
  add<T>(body: () => Promise<T>): Promise<T>
}

export function createQueue(): Queue {
  let last: Promise<void> | undefined
  return {
    async add(body) {
      const ahead = last
      const { promise: ended, resolve: end } = Promise.withResolvers<void>()
      last = ended
      try {
        // Nothing is awaited without need: after a disk sync each await costs 2 µs.
        if (ahead !== undefined) await ahead
        const turn = breathe()
        if (turn !== undefined) await turn
        return await body()
      } finally {
        if (last === ended) last = undefined
        end()
      }
    },
  }
}

/**
 * A driver that answers at once never lets the event loop have a turn: 2,000 queued bodies silenced
 * timers and sockets for 609 ms. So after this time the queues of the process wait for one.
 */
const TURN_MS = 10

let turn: { readonly since: number; readonly over: Promise<void> } | undefined

function breathe(): Promise<void> | undefined {
  if (turn === undefined) {
    const over = new Promise<void>((resolve) => {
      setImmediate(() => {
        turn = undefined
        resolve()
      })
    })
    turn = { since: monotonic(), over }
    return undefined
  }
  return monotonic() - turn.since < TURN_MS ? undefined : turn.over
}
