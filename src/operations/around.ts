import { dispatcherAlive } from '../dispatcher/holder.ts'
import { lookAround } from '../dispatcher/look-around.ts'
import type { Around } from '../dispatcher/surroundings.ts'
import { systemClock } from '../lib/clock.ts'
import type { Context } from './operation.ts'

/** What decides about tasks on this machine: what the surface keeps at hand, else a look at everything. */
export async function aroundOf(context: Context): Promise<Around> {
  if (context.around !== undefined) return context.around()
  const { environment } = context
  const config = await context.config()
  const host = await lookAround({ environment, config, clock: systemClock })
  const { alive, ...more } = await dispatcherAlive(environment.root)
  return { host, dispatching: alive, ...more }
}
