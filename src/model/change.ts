/** What a person asks of tasks by naming how they are to be, and not by naming a verb. */

import { z } from 'zod'
import * as field from './fields.ts'
import * as form from './forms.ts'

/** `""` and `none` are nobody. */
export const somebody = z
  .union([z.literal('').transform(() => null), field.assignee])
  .nullable()
  .transform((name) => (name === 'none' ? null : name))
  .describe('the profile or lane; "", none or null for nobody')

/** A word that is no status is meaningless, not misshapen: whoever asks is told the words. */
const goal = field.line.describe(
  'where it is to be: done, blocked, archived, ready, todo or triage; a verb leads there or is refused',
)

const handoff = {
  summary: field.text.optional().describe('with done, or of a done task: what it handed over'),
  result: field.text.optional().describe('with done, or of a done task: its result'),
  block_reason: field.text
    .transform((reason) => reason.trim())
    .optional()
    .describe('with blocked: the question to be answered'),
}

/** Only what is named is changed. */
export const taskChange = z.strictObject({
  status: goal.optional(),
  assignee: somebody.optional(),
  priority: field.wholeNumber.optional().describe('larger numbers start first'),
  title: field.words.optional().describe('its new title'),
  body: field.text.nullish().describe('its new text; null for none'),
  host: field.hostOrAny.optional().describe('the machine that it is to be worked on; null for any'),
  ...handoff,
  metadata: form.jsonObject
    .optional()
    .describe('with done, or of a done task: facts for programs, a JSON object'),
})

export type TaskChange = z.output<typeof taskChange>

/** The same for each of several tasks. */
export const bulkChange = z.strictObject({
  ids: z.array(field.line).describe('the tasks'),
  status: goal.optional(),
  assignee: somebody.optional(),
  priority: field.wholeNumber.optional().describe('larger numbers start first'),
  archive: z.boolean().default(false).describe('put them away'),
  reclaim_first: z
    .boolean()
    .default(false)
    .describe('take a running one back from its worker first'),
  ...handoff,
})
