import { z } from 'zod'

export const comment = z.object({
  id: z.number().int(),
  task_id: z.string(),
  author: z.string(),
  body: z.string(),
  created_at: z.number().int(),
})

export type Comment = z.output<typeof comment>
