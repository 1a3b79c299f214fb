/** An entry of `kanban.recurring`: when, where, and the task that is made then. */

import { z } from 'zod'
import { isCron, isZone, ownZone } from '../lib/cron.ts'
import { nearest } from '../lib/nearest.ts'
import { issueText } from '../model/parse.ts'
import { slugIn } from '../model/slug.ts'
import { type NewTask, newTask } from '../model/task.ts'
import { line } from './values.ts'

/** A task that the clock makes again and again. */
export interface Recurring {
  readonly name: string
  readonly cron: string
  readonly zone: string
  readonly board: string
  /** Each time with a key of its own. */
  readonly task: NewTask
}

/** With a time behind it, it is a key of at most 200 characters. */
const longestName = 100

export const recurringEntry = newTask.safeExtend({
  name: line
    .refine((name) => name.length <= longestName, `must have at most ${longestName} characters`)
    .describe('what tells it from the others; the key of each of its tasks begins with it'),
  cron: line
    .refine(isCron, 'must be a cron expression such as 0 9 * * 1-5, or a name such as @daily')
    .describe('when: minute, hour, day, month, weekday'),
  zone: line
    .refine(isZone, 'must be a time zone such as Europe/Berlin')
    .nullish()
    .describe('where it is that time; the zone of this machine where left out'),
  board: line
    .transform((name) => slugIn(name) ?? '')
    .refine((name) => name !== '', 'must be the name of a board')
    .default('default')
    .describe('where the task is put'),
  idempotency_key: z
    .undefined({ error: 'is made of the name and the time: leave it out' })
    .optional(),
})

interface Fault {
  readonly path: (string | number)[]
  readonly message: string
}

/** All of a list, or everything that is wrong with it. */
export function parseRecurring(
  entries: readonly unknown[],
): { readonly tasks: Recurring[] } | { readonly faults: Fault[] } {
  const tasks: Recurring[] = []
  const faults: Fault[] = []
  for (const [index, entry] of entries.entries()) {
    const { success, data, error } = recurringEntry.safeParse(entry)
    if (!success) {
      faults.push(...error.issues.flatMap((issue) => faultsOf(issue, index)))
      continue
    }
    const { name, cron, zone, board, ...task } = data
    if (tasks.some((earlier) => earlier.name === name)) {
      faults.push({ path: [index, 'name'], message: 'must differ from the names before it' })
    }
    tasks.push({ name, cron, zone: zone ?? ownZone(), board, task })
  }
  return faults.length === 0 ? { tasks } : { faults }
}

function faultsOf(issue: z.core.$ZodIssue, index: number): Fault[] {
  const path = [index, ...issue.path.map((key) => (typeof key === 'symbol' ? '' : key))]
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issueText(issue) }]
  return issue.keys.map((key) => {
    const meant = nearest(key, Object.keys(recurringEntry.shape))
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`
    return { path: [index, key], message: `is no setting of it${hint}` }
  })
}
