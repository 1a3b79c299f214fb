import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Log } from '../lib/log.ts'
import { machineError } from '../model/system-error.ts'

export const partStatus = z.object({
  state: z.enum(['starting', 'on', 'off', 'failed']),
  /** Why it is off or has failed; of one that is on, as whom, where that can be asked. */
  says: z.string(),
  /** What is wrong although it is on, and where to look. */
  warning: z.string().nullable(),
})

export type PartStatus = z.output<typeof partStatus>

/** Something that the gateway keeps going: the dispatcher, and whatever joins it. */
export interface Part {
  readonly name: string
  /** Works until the signal; has let go of everything when it resolves. What it throws ends this part alone. */
  start(signal: AbortSignal): Promise<void>
  status(): PartStatus
}

/** Before a part that has failed is started again, in milliseconds. */
const retryMs = 10_000

/** Starts the part, and again after each failure, until the signal. `told` hears what it threw, and null when it begins again. */
export async function keepGoing(
  part: Part,
  { signal, log, told }: { signal: AbortSignal; log: Log; told: (failure: string | null) => void },
): Promise<void> {
  let said: string | undefined
  while (!signal.aborted) {
    try {
      await part.start(signal)
      return
    } catch (error) {
      const { message: why } = machineError(error) ?? (error as Error)
      if (why !== said) log.error(`${part.name} has failed and is started again soon: ${why}`)
      said = why
      told(why)
    }
    await atMost(retryMs, signal)
    told(null)
  }
}

/** Returns early when the signal comes. Keeps the process alive meanwhile. */
export async function atMost(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {})
}
