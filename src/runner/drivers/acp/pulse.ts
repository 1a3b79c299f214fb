import { monotonic } from '../../../lib/clock.ts'
import type { Patience } from '../../launch.ts'
import type { Verdict } from '../../verdict.ts'

/** Listens for signs of life. A tool may be at work for long without one, its agent may not. */
export interface Pulse {
  /** Resolves when there has been none for too long; never after `stop`. */
  readonly silence: Promise<Verdict & { readonly what: 'silent' }>
  beat(): void
  /** A tool call that is in progress until it has ended. */
  toolBegan(id: string): void
  toolEnded(id: string): void
  /** No tool is at work any more, whatever was not told about them. */
  toolsEnded(): void
  stop(): void
}

export function takePulse({ idle, tool }: Patience): Pulse {
  const tools = new Set<string>()
  const { promise: silence, resolve } = Promise.withResolvers<
    Verdict & { readonly what: 'silent' }
  >()
  let last = monotonic()
  let timer: NodeJS.Timeout

  function limit(): number {
    return tools.size > 0 ? Math.max(idle, tool) : idle
  }

  function look(): void {
    const left = last + limit() * 1000 - monotonic()
    if (left > 0) timer = setTimeout(look, left)
    else resolve({ what: 'silent', during: tools.size > 0 ? 'tool' : 'itself', seconds: limit() })
  }

  function beat(): void {
    last = monotonic()
  }

  /** The limit is another one from here on. */
  function change(): void {
    beat()
    clearTimeout(timer)
    look()
  }

  look()
  return {
    silence,
    beat,
    toolBegan(id) {
      if (!tools.has(id)) {
        tools.add(id)
        change()
      }
    },
    toolEnded(id) {
      if (tools.delete(id)) change()
    },
    toolsEnded() {
      tools.clear()
      change()
    },
    stop() {
      clearTimeout(timer)
    },
  }
}
