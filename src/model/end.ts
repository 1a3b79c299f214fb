import { z } from 'zod'

const pid = z.number().int().nullable()

/** What the worker's process left; null where nobody saw its end. */
const exit = z
  .object({ code: z.number().int().nullable(), signal: z.string().nullable() })
  .nullable()

export type Exit = NonNullable<z.output<typeof exit>>

/** Begins the error of a run whose worker ended well and said nothing of its task. */
export const unfinished = 'ended without complete or block'

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
    /** It met a quota, which its exit code need not say; when that is over in unix seconds, null where nobody knows. */
    quota: z.object({ retry_at: z.number().int().nullable() }).optional(),
    /** Whose quota it uses; its profile's own where left out. */
    account: z.string().optional(),
  }),
  /** Its agent ended its turn without complete or block, after a reminder too. */
  z.object({ how: z.literal('unfinished'), pid, exit, said: z.string() }),
  /** Its agent gave up, with what it said about it. */
  z.object({ how: z.literal('failed'), pid, exit, said: z.string() }),
  /** Its agent is not logged in; `reason` says which login is missing, and how it is made. */
  z.object({ how: z.literal('locked_out'), exit, reason: z.string(), profile: z.string() }),
  z.object({
    how: z.literal('timed_out'),
    pid,
    exit,
    elapsed: z.number(),
    limit: z.number(),
    sigkill: z.boolean(),
    /** Not its whole time: it gave no sign of life for so long, in its own work or while a tool was at work. */
    silent: z.enum(['itself', 'tool']).optional(),
  }),
  /** `counted`: it belongs to the task; false when nobody saw what happened. */
  z.object({
    how: z.literal('not_started'),
    error: z.string(),
    counted: z.boolean(),
    /** The profile whose settings are at fault, not the task: it is held for a while. */
    profile: z.string().optional(),
    /** The board, when its machine is at fault, where nothing else of it would fare better: it is held for a while. */
    board: z.string().optional(),
    /** The machine is at fault, and only where this task works: it alone is held for a while. */
    alone: z.boolean().optional(),
  }),
  z.object({ how: z.literal('runner_gone'), pid }),
  z.object({ how: z.literal('stopped'), exit, reason: z.string() }),
])

export type End = z.output<typeof end>
