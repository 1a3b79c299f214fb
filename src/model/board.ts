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

/** A folder on this machine. What a relative one is relative to would depend on who dispatches. */
export const folder = field.line.refine((path) => /^(~?\/|~$)/.test(path), {
  message: 'must be an absolute path: write it from / or ~/ on',
})

/** What a person may say about a board. */
export const boardWords = z.strictObject({
  name: field.line.optional().describe('the name that people see'),
  description: field.text.optional().describe('what it is for'),
  icon: field.line.optional().describe('a sign that stands for it'),
  color: field.line.optional().describe('a colour as CSS writes it'),
  default_workdir: folder.nullish().describe('the repository that a worktree is made of'),
})

export type BoardWords = z.output<typeof boardWords>
