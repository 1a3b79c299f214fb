/** A task as a board shows it: without its long texts, with what stands around it. */

import { z } from 'zod'
import { task } from './task.ts'

const seconds = z.number().int()
const count = z.number().int()

/** Whole seconds as of the answer's `now`; never negative. What is shown for long is better counted from the times. */
export const age = z.object({
  created_age_seconds: seconds.nullable(),
  started_age_seconds: seconds.nullable(),
  time_to_complete_seconds: seconds.nullable(),
})

export const warningSummary = z.object({
  count,
  kinds: z.array(z.string()).describe('kinds of event, each once'),
  latest_at: seconds.nullable(),
})

/** What holds a task where it is, as far as it belongs to this task alone. */
export const cardReason = z.object({
  says: z.string().describe('one sentence without the id, in the words of `hermes kanban why`'),
  until: seconds
    .nullable()
    .describe('when it ends by itself, where that is known: `says` can be followed by the time'),
})

export const card = task.omit({ body: true, result: true }).extend({
  since: seconds.describe('when it came to its status'),
  age,
  link_counts: z.object({ parents: count, children: count }),
  comment_count: count,
  progress: z
    .object({ done: count, total: count })
    .nullable()
    .describe('of its children; null without any'),
  latest_summary: z.string().nullable().describe('the beginning of the newest one, on one line'),
  warnings: warningSummary,
  note: z.string().nullable().describe('of a running task: what its worker said last'),
  why: cardReason
    .nullable()
    .describe(
      'of a task in triage, todo, ready or blocked; null on a ready one that only its assignee holds back, or nothing: see situation.ready',
    ),
})

export type Card = z.output<typeof card>
export type CardReason = z.output<typeof cardReason>
