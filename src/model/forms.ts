/**
 * Values that come in more than one form: a list or one of it, seconds or text, an object or its
 * JSON. Apart from the plain fields, for they are five times as slow to make, and a command that
 * takes none of them should not wait for it.
 */

import { z } from 'zod'
import { parseDuration } from '../lib/duration.ts'
import { jsonIn } from '../lib/json.ts'
import { wellFormed } from '../lib/text.ts'

/** A list without blanks and doubles, order kept; one string stands for a list of one. */
const names = z
  .union([z.string().transform((one) => [one]), z.array(z.string())], {
    error: 'must be a list of texts',
  })
  .transform((all) => [...new Set(all.map((one) => wellFormed(one).trim()))].filter(Boolean))

export const taskRefs = names
  .refine((all) => all.every((one) => /^.{1,200}$/.test(one)), 'must be ids of tasks')
  .describe('tasks, by their ids')

export const skills = names.refine(
  (all) => !all.some((name) => name.includes(',')),
  'must have no comma: name each skill on its own',
)

const notDuration = 'must be a duration above zero such as 90, 90s, 30m, 2h or 1d'

/** Seconds, or text such as `90s`, `1.5h`, `2d`. */
export const duration = z
  .union([z.number(), z.string().transform((value) => parseDuration(value) ?? Number.NaN)], {
    error: notDuration,
  })
  .refine((value) => Number.isFinite(value) && value > 0, { message: notDuration })
  .transform(Math.ceil)

const notObject = 'must be a JSON object such as {"files": 3}'

/** A JSON object, or its text. */
export const jsonObject = z
  .union(
    [
      z.record(z.string(), z.unknown()),
      z.string().transform((value, context) => {
        const parsed = parsedObject(value)
        if (parsed === undefined) {
          context.addIssue({ code: 'custom', message: notObject })
        }
        return parsed ?? {}
      }),
    ],
    { error: notObject },
  )
  .transform((value) => value as Readonly<Record<string, unknown>>)

function parsedObject(value: string): Record<string, unknown> | undefined {
  const parsed = jsonIn(value)
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
  return isObject ? (parsed as Record<string, unknown>) : undefined
}
