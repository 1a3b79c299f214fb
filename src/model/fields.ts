/** The kinds of value that come from outside, made well formed once, here. */

import { z } from 'zod'
import { parseDuration } from '../lib/duration.ts'
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

/** A task's id, or the beginning of one. */
export const taskRef = line

/** A list without blanks and doubles, order kept; one string stands for a list of one. */
export const names = z
  .union([z.string().transform((one) => [one]), z.array(z.string())])
  .transform((all) => [...new Set(all.map((one) => wellFormed(one).trim()))].filter(Boolean))

export const taskRefs = names

export const skills = names.refine(
  (all) => !all.some((name) => name.includes(',')),
  'must have no comma: name each skill on its own',
)

export const wholeNumber = z
  .number()
  .int()
  .min(Number.MIN_SAFE_INTEGER)
  .max(Number.MAX_SAFE_INTEGER)

/** Seconds, or text such as `90s`, `1.5h`, `2d`. */
export const duration = z
  .union([z.number(), z.string().transform((value) => parseDuration(value) ?? Number.NaN)])
  .refine((value) => Number.isFinite(value) && value > 0, {
    message: 'must be a duration above zero such as 90, 90s, 30m, 2h or 1d',
  })
  .transform(Math.ceil)

/** A JSON object, or its text. */
export const jsonObject = z
  .union([
    z.record(z.string(), z.unknown()),
    z.string().transform((value, context) => {
      const parsed = parsedObject(value)
      if (parsed === undefined) {
        context.addIssue({ code: 'custom', message: 'must be a JSON object such as {"files": 3}' })
      }
      return parsed ?? {}
    }),
  ])
  .transform((value) => value as Readonly<Record<string, unknown>>)

function parsedObject(value: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(value)
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    return isObject ? (parsed as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
