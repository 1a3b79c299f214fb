import { z } from 'zod'
import type { BoardPlan, Start } from './plan.ts'

/** What a pass did, or in a dry run would do. Lists of skipped tasks hold the first 100 ids, and only where a person asked. */
export const report = z.object({
  reclaimed: z.number().int(),
  crashed: z.array(z.string()),
  timed_out: z.array(z.string()),
  auto_blocked: z.array(z.string()),
  promoted: z.number().int(),
  recurring: z
    .array(z.object({ name: z.string(), due_at: z.number().int() }))
    .describe('what the clock has made'),
  spawned: z.array(z.object({ task_id: z.string(), assignee: z.string(), workspace: z.string() })),
  skipped_unassigned: z.array(z.string()),
  skipped_nonspawnable: z.array(z.string()),
  skipped_capped: z.array(z.string()),
  skipped: z.record(z.string(), z.number().int()).describe('how many there are of each'),
  faults: z.array(z.string()).describe('what is wrong with boards that were left out'),
})

export type Report = z.output<typeof report>

export function emptyReport(): Report {
  return {
    reclaimed: 0,
    crashed: [],
    timed_out: [],
    auto_blocked: [],
    promoted: 0,
    recurring: [],
    spawned: [],
    skipped_unassigned: [],
    skipped_nonspawnable: [],
    skipped_capped: [],
    skipped: { unassigned: 0, nonspawnable: 0, capped: 0, held: 0 },
    faults: [],
  }
}

/** A run that nobody looked after any more, and how it was closed. */
export interface Closed {
  readonly task: string
  readonly outcome: string
}

export function spawnedOf({ task, profile }: Start<unknown>): Report['spawned'][number] {
  const workspace = task.workspace_path ?? task.workspace_kind
  return { task_id: task.id, assignee: profile, workspace }
}

/** Adds what a plan leaves where it is. */
export function count(report: Report, { skipped }: BoardPlan): void {
  report.skipped_unassigned.push(...skipped.unassigned.ids)
  report.skipped_nonspawnable.push(...skipped.nonspawnable.ids)
  report.skipped_capped.push(...skipped.capped.ids)
  for (const [why, { count: more }] of Object.entries(skipped)) {
    report.skipped[why] = (report.skipped[why] ?? 0) + more
  }
}

/** Adds a run that was closed because nobody looked after it. */
export function note(report: Report, { task, outcome }: Closed): void {
  if (outcome === 'crashed') report.crashed.push(task)
  if (outcome === 'timed_out') report.timed_out.push(task)
  if (outcome === 'gave_up') report.auto_blocked.push(task)
  if (outcome === 'reclaimed') report.reclaimed += 1
}
