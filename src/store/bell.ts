/** Those who want to hear of commits. Starts listening with the first of them, stops with the last. */
export interface Bell {
  watch(listener: () => void): () => void
  stop(): void
}

/** `listen` begins to call `ring` on commits, and returns what ends it. */
export function createBell(listen: (ring: () => void) => () => void): Bell {
  const listeners = new Set<{ readonly call: () => void }>()
  let stopListening: (() => void) | undefined

  function ring(): void {
    for (const listener of listeners) listener.call()
  }

  function stop(): void {
    listeners.clear()
    stopListening?.()
    stopListening = undefined
  }

  return {
    watch(call) {
      const listener = { call }
      listeners.add(listener)
      stopListening ??= listen(ring)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) stop()
      }
    },
    stop,
  }
}
