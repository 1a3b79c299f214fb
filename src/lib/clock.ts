/** The only place that reads the time; everything else is given a clock, so that tests can set it. */

/** Unix seconds. */
export type Clock = () => number

export const systemClock: Clock = () => Math.floor(Date.now() / 1000)

/** As logs have it: `2026-11-20T12:00:05Z`. */
export function utcTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
}

/** Milliseconds since some moment in the past; never goes back, whatever is done to the system's time. */
export function monotonic(): number {
  // `performance` says the same, but loads the whole of perf_hooks first: a tenth of a start of Node.
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}
