import { getRun } from '../board/history.ts'
import { noteSession } from '../board/session.ts'
import type { Clock } from '../lib/clock.ts'
import type { Fence } from '../model/run.ts'
import { perform } from '../operations/operation.ts'
import type { Store } from '../store/store.ts'
import type { Host } from './drivers/acp/acp.ts'
import type { ContextFor } from './serve.ts'

export interface HostOf {
  readonly store: Store
  readonly fence: Fence
  readonly contextFor: ContextFor
  readonly clock: Clock
  readonly signal: AbortSignal
  /** The worker is heard of. */
  readonly onSign: () => void
}

/** What a run is to the driver of an agent: the board, fenced by the run. */
export function hostFor({ store, fence, contextFor, clock, signal, onSign }: HostOf): Host {
  return {
    ask: (operation, input) => perform(operation, input, contextFor(signal)),
    isOpen: () =>
      store.read(async (reader) => (await getRun(reader, fence.run))?.ended_at === null),
    onSession: (session) => store.write((tx) => noteSession(tx, fence, session)),
    onSign,
    now: clock,
  }
}
