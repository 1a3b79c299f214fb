import type { Ask } from '../mcp/tool.ts'
import { BoardError } from '../model/error.ts'
import { workerOperation } from '../operations/for-workers.ts'

export interface Alive {
  readonly ask: Ask
  readonly task: string
  /** Milliseconds between two heartbeats. */
  readonly pulse: number
  readonly doing: () => string
  /** Called with each. */
  readonly onBeat: () => Promise<void>
  /** Called once, when the board says that the run is not ours any more. */
  readonly onEnd: (why: unknown) => void
}

/** After these nothing that we do counts. */
const over = new Set(['run_ended', 'store_unreachable', 'not_found', 'forbidden'])

/** Says by itself that the work goes on, however long an answer or a command takes. */
export function keepAlive({ ask, task, pulse, doing, onBeat, onEnd }: Alive): { stop(): void } {
  let asking = false

  async function beat(): Promise<void> {
    if (asking) return
    asking = true
    try {
      await onBeat()
      await ask(workerOperation('heartbeat'), { task_id: task, note: doing() })
    } catch (error) {
      if (error instanceof BoardError && over.has(error.code)) {
        clearInterval(timer)
        onEnd(error)
      }
    } finally {
      asking = false
    }
  }

  const timer = setInterval(beat, pulse)
  return { stop: () => clearInterval(timer) }
}
