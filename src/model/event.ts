import { z } from 'zod'

/** Every kind of event, what it says, and the keys that its payload can have. */
export const eventKinds = {
  created: {
    says: 'the task was made',
    payload: ['assignee', 'status', 'parents', 'tenant', 'skills'],
  },
  promoted: { says: 'its last open parent was satisfied', payload: [] },
  claimed: { says: 'a run was opened', payload: ['lock', 'expires', 'run_id'] },
  claim_rejected: { says: 'a claim met an open parent', payload: ['reason'] },
  spawned: { says: 'the worker process exists', payload: ['pid'] },
  heartbeat: { says: 'the worker is alive', payload: ['note'] },
  completed: { says: 'it is done', payload: ['result_len', 'summary', 'verified_cards'] },
  completion_blocked_hallucination: {
    says: 'a completion named cards that do not exist',
    payload: ['phantom_cards', 'verified_cards', 'summary_preview'],
  },
  suspected_hallucinated_references: {
    says: 'its hand-off mentions cards that do not exist',
    payload: ['phantom_refs', 'source'],
  },
  blocked: { says: 'it waits for a person', payload: ['reason'] },
  unblocked: { says: 'a person let it go on', payload: ['reason'] },
  archived: { says: 'it was put away', payload: [] },
  reclaimed: {
    says: 'its run was taken back',
    payload: [
      'manual',
      'reason',
      'prev_lock',
      'prev_pid',
      'stale_lock',
      'pid',
      'host_local',
      'terminated',
      'sigkill',
    ],
  },
  crashed: {
    says: 'its worker broke',
    payload: ['pid', 'claimer', 'exit_code', 'signal', 'reason'],
  },
  timed_out: {
    says: 'its worker took too long',
    payload: ['pid', 'elapsed_seconds', 'limit_seconds', 'sigkill'],
  },
  spawn_failed: { says: 'its worker could not be started', payload: ['error', 'failures'] },
  rate_limited: { says: 'its worker met a quota', payload: ['retry_at'] },
  protocol_violation: {
    says: 'its worker ended well without complete or block',
    payload: ['pid', 'exit_code'],
  },
  gave_up: {
    says: 'it failed too often',
    payload: ['failures', 'error', 'trigger_outcome', 'effective_limit', 'limit_source'],
  },
  status: { says: 'it was moved', payload: ['status', 'reason', 'parent'] },
  assigned: { says: 'its assignee changed', payload: ['assignee', 'source'] },
  linked: { says: 'a dependency was added', payload: ['parent', 'child'] },
  unlinked: { says: 'a dependency was removed', payload: ['parent', 'child'] },
  commented: { says: 'somebody commented', payload: ['author', 'len'] },
  edited: {
    says: 'its text changed',
    payload: ['fields', 'title', 'body', 'host', 'result_len', 'summary'],
  },
  reprioritized: { says: 'its priority changed', payload: ['priority'] },
  deleted: { says: 'it is gone', payload: ['by'] },
} as const satisfies Record<string, { says: string; payload: readonly string[] }>

export type EventKind = keyof typeof eventKinds

/** What those are told who subscribe to a task. */
export const told = [
  'completed',
  'blocked',
  'gave_up',
  'crashed',
  'timed_out',
] as const satisfies readonly EventKind[]

export type Told = (typeof told)[number]

/** What a subscription has to see: what it is told, and what ends it in silence. */
export const telling = [...told, 'archived'] as const satisfies readonly EventKind[]

export const event = z.object({
  id: z.number().int(),
  task_id: z.string(),
  run_id: z.number().int().nullable(),
  kind: z.string(),
  payload: z.record(z.string(), z.unknown()).nullable(),
  created_at: z.number().int(),
})

export type Event = z.output<typeof event>
