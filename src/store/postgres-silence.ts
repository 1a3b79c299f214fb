import type { ClientBase } from 'pg'

export interface Silence {
  /** The other end is there: the time begins again. */
  heard(): void
  /** Nothing is waited for any more. */
  over(): void
}

/**
 * Breaks the connection when nothing is heard on it for `ms`, and what is waited for fails. A network that
 * swallows packets says nothing, and the kernel would go on trying for a quarter of an hour.
 */
export function breakWhenSilent(client: ClientBase, ms: number): Silence {
  const timer = setTimeout(() => {
    const message = `no answer for ${Math.round(ms / 1000)} s`
    breakOff(client, Object.assign(new Error(message), { code: 'ETIMEDOUT' }))
  }, ms)
  return { heard: () => timer.refresh(), over: () => clearTimeout(timer) }
}

/** Without a farewell, which could be waited for as long. */
export function breakOff(client: ClientBase, error?: Error): void {
  streamOf(client).destroy(error)
}

/** The driver has it; its types do not. */
function streamOf(client: ClientBase): { destroy(error?: Error): void } {
  const { connection } = client as unknown as {
    readonly connection: { readonly stream: { destroy(error?: Error): void } }
  }
  return connection.stream
}
