import { z } from 'zod'

const pid = z.number().int().nullable()

/** What the worker's process left; null where nobody saw its end. */
const exit = z
  .object({ code: z.number().int().nullable(), signal: z.string().nullable() })
  .nullable()

export type Exit = NonNullable<z.output<typeof exit>>

/**
 * How a run's processes came to their end, as whoever saw it tells it. Told once to the board; kept
 * in the run's folder meanwhile, should the board not answer.
 */
export const end = z.discriminatedUnion('how', [
  z.object({
    how: z.literal('exited'),
    pid,
    exit: exit.unwrap(),
    /** The last lines of its log. */
    said: z.string(),
  }),
  z.object({
    how: z.literal('timed_out'),
    pid,
    exit,
    elapsed: z.number(),
    limit: z.number(),
    sigkill: z.boolean(),
  }),
  /** `counted`: it belongs to the task; false when nobody saw what happened. */
  z.object({
    how: z.literal('not_started'),
    error: z.string(),
    counted: z.boolean(),
    /** The profile whose settings are at fault, not the task: it is held for a while. */
    profile: z.string().optional(),
  }),
  z.object({ how: z.literal('runner_gone'), pid }),
  z.object({ how: z.literal('stopped'), exit, reason: z.string() }),
])

export type End = z.output<typeof end>
