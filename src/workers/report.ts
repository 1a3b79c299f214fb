/** What a program tells its runner besides what it tells the board: a file in the run's folder, named to it by a variable. */

import { z } from 'zod'
import type { Usage } from '../board/session.ts'
import { readJson } from '../lib/json.ts'

const count = z.number().nonnegative()

export const report = z.object({
  usage: z
    .object({
      input: count.optional(),
      output: count.optional(),
      cached: count.optional(),
      /** US dollars. */
      cost: count.nullish(),
    })
    .optional(),
  /** When its quota is over, in unix seconds; with an exit code that is not 0. */
  retry_at: z.number().int().nullish(),
  /** Which login is missing and how it is made; with an exit code that is not 0. */
  login: z.string().optional(),
})

export type Report = z.output<typeof report>

/** Nothing where there is none that can be read: any program may write it, and anything. */
export async function readReport(file: string): Promise<Report> {
  return report.safeParse(await readJson(file)).data ?? {}
}

/** What it used up, as a run keeps it; null where it has told nothing of it. */
export function usageIn({ usage }: Report): Usage | null {
  if (usage === undefined) return null
  const { cost, ...tokens } = usage
  return cost == null ? tokens : { ...tokens, cost }
}
