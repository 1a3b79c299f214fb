/** The kinds of value that come from outside, made well formed once, here. */

import { z } from 'zod'
import { wellFormed } from '../lib/text.ts'

/** Marks a fault as "well formed but meaningless" (REST 400, exit 1) in place of a wrong shape (422, exit 2). */
const meaningless = (message: string) => ({ message, params: { meaningless: true } })

/** Any text: half surrogates mended, NUL removed. */
export const text = z.string().transform(wellFormed)

/** Text that says something. Trimmed. */
export const words = text
  .transform((value) => value.trim())
  .refine((value) => value !== '', meaningless('must not be blank'))

/** One line that says something, at most 200 characters: a name, a key. Trimmed. */
export const line = words
  .refine((value) => !/[\n\r\u2028\u2029]/.test(value), 'must be one line')
  .refine((value) => value.length <= 200, 'must have at most 200 characters')

/** Who may be given work. Stored in lower case; only a profile's name can be started. */
export const assignee = line.transform((value) => value.toLowerCase())

/** As `assignee`; null or `none` for nobody. */
export const assigneeOrNobody = assignee
  .transform((name) => (name === 'none' ? null : name))
  .nullable()

/** A machine, by the name that it has among those that share a board. Stored in lower case. */
export const host = line
  .transform((value) => value.toLowerCase())
  .refine((value) => /^[a-z0-9][a-z0-9._-]*$/.test(value), 'must be the name of a machine')

/** As `host`; null or `none` for any. */
export const hostOrAny = host.transform((name) => (name === 'none' ? null : name)).nullable()

/** A task's id, or the beginning of one. */
export const taskRef = line.describe('a task, by its id or the beginning of it')

export const wholeNumber = z
  .number()
  .int()
  .min(Number.MIN_SAFE_INTEGER)
  .max(Number.MAX_SAFE_INTEGER)
