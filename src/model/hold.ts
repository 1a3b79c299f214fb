import { z } from 'zod'

export const holdScopes = ['task', 'profile', 'account', 'board'] as const

/** While one matches, no dispatcher claims what it names; a person may. */
export const hold = z.object({
  scope: z.enum(holdScopes),
  key: z.string(),
  until: z.number().int().nullable().describe('unix seconds; null until it is lifted'),
  reason: z.string(),
  by: z.string(),
})

export type Hold = z.output<typeof hold>
