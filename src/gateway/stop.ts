import { setTimeout as pause } from 'node:timers/promises'
import { probeMs, takeLock } from '../dispatcher/lock.ts'
import { monotonic } from '../lib/clock.ts'
import { isAlive } from '../lib/process.ts'
import { BoardError } from '../model/error.ts'
import { findGateway } from './start.ts'
import type { State } from './state.ts'

/** How long a gateway may take to let go, in milliseconds: it sees endings under way through. */
const patienceMs = 60_000

/** How long a process that has let go of everything may take to vanish, in milliseconds. */
const farewellMs = 5_000

/**
 * Ends the gateway of this home and waits until it has let go; returns what it was, or nothing where
 * none ran. Signals no process but the one that wrote the file, known by pid and start. Throws `conflict`.
 */
export async function stopGateway(root: string, patience = patienceMs): Promise<State | undefined> {
  const { alive, state } = await findGateway(root)
  if (!alive) return undefined
  if (state === undefined || !isAlive(state.pid, state.start)) {
    throw new BoardError(
      'conflict',
      `a process holds the gateway of ${root}, but nothing says which: nothing was ended; look for \`hermes-kanban\` among your processes`,
    )
  }
  process.kill(state.pid, 'SIGTERM')
  const lock = await takeLock(root, 'gateway', Math.max(patience, probeMs))
  if (lock === undefined) {
    throw new BoardError(
      'conflict',
      `process ${state.pid} was told to end and has not yet: look into its log, or end it with kill -9 ${state.pid} (workers go on)`,
    )
  }
  lock.release()
  // Its files are closed by now. Whoever hears that it is gone will not find it among the processes.
  const deadline = monotonic() + farewellMs
  while (isAlive(state.pid, state.start) && monotonic() < deadline) await pause(10)
  return state
}
