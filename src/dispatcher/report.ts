import { z } from 'zod'

/** What a pass did, or in a dry run would do. Lists of skipped tasks hold the first 100 ids, and only where a person asked. */
export const report = z.object({
  reclaimed: z.number().int(),
  crashed: z.array(z.string()),
  timed_out: z.array(z.string()),
  auto_blocked: z.array(z.string()),
  promoted: z.number().int(),
  spawned: z.array(z.object({ task_id: z.string(), assignee: z.string(), workspace: z.string() })),
  skipped_unassigned: z.array(z.string()),
  skipped_nonspawnable: z.array(z.string()),
  skipped_capped: z.array(z.string()),
  skipped: z.record(z.string(), z.number().int()).describe('how many there are of each'),
})

export type Report = z.output<typeof report>

export function emptyReport(): Report {
  return {
    reclaimed: 0,
    crashed: [],
    timed_out: [],
    auto_blocked: [],
    promoted: 0,
    spawned: [],
    skipped_unassigned: [],
    skipped_nonspawnable: [],
    skipped_capped: [],
    skipped: { unassigned: 0, nonspawnable: 0, capped: 0, held: 0 },
  }
}
