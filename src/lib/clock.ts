/** The only place that reads the time; everything else is given a clock, so that tests can set it. */

/** Unix seconds. */
export type Clock = () => number

export const systemClock: Clock = () => Math.floor(Date.now() / 1000)

/** Milliseconds since some moment in the past; never goes back, whatever is done to the system's time. */
export function monotonic(): number {
  // `performance` says the same, but loads the whole of perf_hooks first: a tenth of a start of Node.
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}
