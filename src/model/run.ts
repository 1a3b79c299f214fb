import { z } from 'zod'

/** How a run can end. Every run that has ended has exactly one. */
export const outcomes = [
  'completed',
  'blocked',
  'crashed',
  'timed_out',
  'spawn_failed',
  'gave_up',
  'reclaimed',
  'rate_limited',
] as const

export type Outcome = (typeof outcomes)[number]

const seconds = z.number().int()

/** One go at a task: its claim, its process, its end. Times are unix seconds. */
export const run = z.object({
  id: z.number().int(),
  task_id: z.string(),
  profile: z.string().nullable(),
  step_key: z.string().nullable(),
  status: z.string().describe('running while open, then done or the outcome'),
  outcome: z.string().nullable(),
  summary: z.string().nullable(),
  error: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()).nullable().describe('what the worker handed over'),
  claim_lock: z.string().nullable().describe('<host>:<pid> of who claimed'),
  claim_expires: seconds.nullable(),
  max_runtime_seconds: seconds.nullable(),
  last_heartbeat_at: seconds.nullable(),
  started_at: seconds,
  ended_at: seconds.nullable(),
  host: z.string().nullable().describe('null when claimed by hand'),
  worker_pid: z.number().int().nullable(),
  runner_pid: z.number().int().nullable(),
  exit_code: z.number().int().nullable(),
  exit_signal: z.string().nullable(),
  exited_at: seconds.nullable().describe('when its last process was gone'),
  runtime: z.string().nullable(),
  model: z.string().nullable(),
  workspace: z.string().nullable(),
  agent_session: z.string().nullable().describe("the agent's own name for its session"),
  usage: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('tokens (input, output, cached) and cost in US dollars, as far as the agent tells'),
})

export type Run = z.output<typeof run>

/** What every write on behalf of a worker carries: it counts only while this is the task's open run. */
export interface Fence {
  readonly run: number
  readonly lock: string
}
