import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'

/** Bytes that are kept of the beginning, and as many of the end. */
const kept = 1_000_000

/** How long a background process may hold the output open once its shell has gone. */
const drainMs = 300

export interface Output {
  /** What came so far, its middle left out when there was too much. */
  text(): string
  /** Waits for the last of it, and hangs up. */
  end(): Promise<void>
}

/** Both outputs of a process, in the order in which they come. */
export function outputOf(child: ChildProcess): Output {
  const { stdout, stderr } = child
  const closed = once(child, 'close').catch(() => {})
  const first: Buffer[] = []
  let last: Buffer[] = []
  let firstSize = 0
  let lastSize = 0

  function take(chunk: Buffer): void {
    if (firstSize < kept) {
      first.push(chunk)
      firstSize += chunk.length
      return
    }
    last.push(chunk)
    lastSize += chunk.length
    if (lastSize < 2 * kept) return
    last = [Buffer.concat(last).subarray(-kept)]
    lastSize = kept
  }

  stdout?.on('data', take)
  stderr?.on('data', take)
  return {
    text: () => Buffer.concat([...first, ...last]).toString(),
    async end() {
      await Promise.race([closed, pause(drainMs, undefined, { ref: false })])
      stdout?.destroy()
      stderr?.destroy()
    },
  }
}
