/** What can be set under `kanban:` in the config.yaml of the root: its names, defaults and limits. */

import { z } from 'zod'
import { modelSettings, providerSettings } from './models.ts'
import type { Recurring } from './recurring.ts'
import type { OwnRuntimes } from './runtimes.ts'
import { choice, duration, flag, line, machine, number, optional, table, whole } from './values.ts'

export const settings = z.object({
  max_workers: whole(0)
    .default(8)
    .describe('workers alive on this machine at once, over all boards'),
  max_workers_per_profile: optional(whole(1)).describe('of them, how many may be of one profile'),
  default_assignee: optional(
    line.transform((name) => (name.toLowerCase() === 'none' ? null : name.toLowerCase())),
  ).describe('who gets ready tasks that nobody is assigned to'),
  failure_limit: optional(whole(1)).describe(
    'failures in a row after which a task is blocked; 5 where nothing is said',
  ),
  retry_delay_seconds: number(0)
    .default(5)
    .describe('before the first retry; doubles up to 5 minutes'),
  dispatch_interval_seconds: number(0.1).default(60).describe('the longest time between two ticks'),
  claim_ttl_seconds: whole(1).default(900).describe('how long a claim is good for unless renewed'),
  max_runtime: duration.default(12 * 3600).describe('of a run, where nothing else says; 0 is none'),
  dispatcher: choice('hermes-kanban', 'hermes-agent', 'none')
    .default('hermes-kanban')
    .describe('the program that starts workers'),
  max_created_per_run: whole(0).default(100).describe('tasks that one run may create'),
  idle_timeout_seconds: whole(1).default(600).describe('without a sign of life from an agent'),
  tool_timeout_seconds: whole(1).default(3600).describe('the same, while it waits for a tool'),
  log_max_bytes: whole(4096)
    .default(2 * 1024 * 1024)
    .describe('of a log before it is rotated'),
  log_backups: whole(1).default(1).describe('older parts of a log that are kept beside it'),
  database: optional(line).describe(
    'a postgres:// URL where boards are that several machines share, or the path of one file; HERMES_KANBAN_DB comes first',
  ),
  host: optional(machine).describe(
    'the name of this machine on such boards, for tasks that ask for it; its own where nothing is said',
  ),
  dashboard: flag.default(false).describe('whether the gateway serves the dashboard'),
  runtimes: table.transform(ownRuntimes).default({}).describe('runtimes of your own, by name'),
  model: optional(line).describe('the model of the built-in agent where its profile names none'),
  providers: z
    .record(z.string(), providerSettings, { error: 'must be a table of providers' })
    .default({})
    .describe('where models are served, by the name that stands before theirs'),
  models: z
    .record(z.string(), modelSettings, { error: 'must be a table of models' })
    .default({})
    .describe('windows and prices of models, by `<provider>/<model>`'),
  recurring: z
    .array(table, { error: 'must be a list' })
    .transform(recurringTasks)
    .default([])
    .describe('tasks created by the clock'),
})

export type Config = z.output<typeof settings>

/** Who has no such entries waits neither for the library that knows the calendar nor for the schema of a task. */
async function recurringTasks(
  entries: readonly unknown[],
  context: z.RefinementCtx,
): Promise<readonly Recurring[]> {
  if (entries.length === 0) return []
  const { parseRecurring } = await import('./recurring.ts')
  const parsed = parseRecurring(entries)
  if ('tasks' in parsed) return parsed.tasks
  for (const fault of parsed.faults) context.addIssue({ code: 'custom', ...fault })
  return z.NEVER
}

/** As above: most have none of their own. */
async function ownRuntimes(
  table: Readonly<Record<string, unknown>>,
  context: z.RefinementCtx,
): Promise<OwnRuntimes> {
  if (Object.keys(table).length === 0) return {}
  const { parseRuntimes } = await import('./runtimes.ts')
  const parsed = parseRuntimes(table)
  if ('runtimes' in parsed) return parsed.runtimes
  for (const { path, message } of parsed.faults) {
    context.addIssue({ code: 'custom', path: [...path], message })
  }
  return z.NEVER
}

/** Keys of the other edition, which it and not we read. */
export const foreignSettings = ['dispatch_in_gateway'] as const
