import { z } from 'zod'
import * as field from './fields.ts'

/** What board.json says about a board. */
export const boardFacts = z.object({
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  icon: z.string(),
  color: z.string(),
  created_at: z.number().int().nullable().describe('unix seconds'),
  archived: z.boolean(),
  default_workdir: z.string().nullable().describe('the repository that a worktree is made of'),
})

export type BoardFacts = z.output<typeof boardFacts>

/** What a person may say about a board. */
export const boardWords = z.strictObject({
  name: field.line.optional(),
  description: field.text.optional(),
  icon: field.line.optional(),
  color: field.line.optional(),
  default_workdir: field.line.nullish(),
})

export type BoardWords = z.output<typeof boardWords>
