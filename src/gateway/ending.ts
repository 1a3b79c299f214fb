/** How a process that goes on comes to its end: it is asked to, and lets go of everything. */

/** Aborted when the process is asked to end; asked again, it is no different. */
export function endingOf(host: NodeJS.Process): AbortSignal {
  const ending = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    host.on(signal, () => ending.abort())
  }
  return ending.signal
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
