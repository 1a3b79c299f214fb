import type { Gateway } from '../../http/types.ts'
import { isAlive } from '../../lib/process.ts'
import { readState } from '../state.ts'

/** What the gateway of a home tells about itself; null while none runs. Cheap enough to be asked all the time. */
export async function gatewayFacts(root: string): Promise<Gateway | null> {
  const state = await readState(root)
  if (state === undefined || !isAlive(state.pid, state.start)) return null
  const { pid, since, parts } = state
  return { pid, since, parts }
}
