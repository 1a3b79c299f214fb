import type { EventKind } from '../model/event.ts'

/** What casts doubt on a hand-off, until a completion or an edit settles it. */
export const doubtful = [
  'completion_blocked_hallucination',
  'suspected_hallucinated_references',
] as const satisfies readonly EventKind[]
