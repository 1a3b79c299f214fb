import { constants } from 'node:os'

export interface Stop {
  readonly signal: AbortSignal
  /** 128 and the number of the signal that came; undefined while none did. */
  exit(): number | undefined
}

/** How long what is going on may take to end after a signal, in milliseconds. */
const graceMs = 8000

/** A second signal does not wait. `kill` ends what this process has started, when it cannot wait either. */
export function stopOnSignals(host: NodeJS.Process, kill: () => void): Stop {
  const stop = new AbortController()
  let exit: number | undefined

  function leave(): never {
    kill()
    process.exit(exit)
  }

  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    host.on(name, () => {
      if (exit !== undefined) leave()
      exit = 128 + constants.signals[name]
      stop.abort(new Error(`ended by ${name}`))
      setTimeout(leave, graceMs).unref()
    })
  }
  return { signal: stop.signal, exit: () => exit }
}
