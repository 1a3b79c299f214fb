import { createStore, useStore } from './store.ts'

/** The server's clock decides ages: that of this machine may be hours away. */
let offset = 0

const tickMs = 5_000
const ticker = createStore(seconds())

setInterval(() => ticker.set(seconds()), tickMs)

/** `now` in unix seconds, as an answer of the server had it. */
export function setServerTime(now: number): void {
  const wanted = now - Math.floor(Date.now() / 1000)
  // An answer takes its time; a second more or less is not a clock that differs.
  if (Math.abs(wanted - offset) > 2) offset = wanted
}

/** Unix seconds of the server. */
export function seconds(): number {
  return Math.floor(Date.now() / 1000) + offset
}

/** Unix seconds of the server; draws again every few seconds. */
export function useNow(): number {
  return useStore(ticker)
}
