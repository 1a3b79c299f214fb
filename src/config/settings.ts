/** What can be set under `kanban:` in the config.yaml of the root: its names, defaults and limits. */

import { z } from 'zod'
import { choice, duration, flag, line, number, optional, table, whole } from './values.ts'

export const settings = z.object({
  max_workers: whole(0)
    .default(8)
    .describe('workers alive on this machine at once, over all boards'),
  max_workers_per_profile: optional(whole(1)).describe('of them, how many may be of one profile'),
  default_assignee: optional(line.transform((name) => name.toLowerCase())).describe(
    'who gets ready tasks that nobody is assigned to',
  ),
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
  database: optional(line).describe('a path or postgres:// URL in place of the default board'),
  dashboard: flag.default(false).describe('whether the gateway serves the dashboard'),
  runtimes: table.default({}).describe('runtimes of your own, by name'),
  recurring: z
    .array(table, { error: 'must be a list' })
    .default([])
    .describe('tasks created by the clock'),
})

export type Config = z.output<typeof settings>

/** Keys of the other edition, which it and not we read. */
export const foreignSettings = ['dispatch_in_gateway'] as const
