import type { Goal } from '../moves/goals.ts'
import { isStatus } from '../status/statuses.ts'

/** Nobody moves a card to running, or to what another program calls its own. */
export function takesCards(name: string): name is Goal {
  return isStatus(name) && name !== 'running'
}
