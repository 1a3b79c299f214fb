/** The kinds of value in a configuration file; each says what is allowed, in the words of the error. */

import { z } from 'zod'
import { parseDuration } from '../lib/duration.ts'

export function whole(least: number) {
  const error = `must be a whole number, ${least} or more`
  return z.int({ error }).min(least, { error })
}

export function number(least: number) {
  const error = `must be a number, ${least} or more`
  return z.number({ error }).min(least, { error })
}

export function choice<const Names extends readonly string[]>(...names: Names) {
  return z.enum(names, { error: `must be one of ${names.join(', ')}` })
}

/** Left out, or `null` in so many words. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullable().default(null as never)
}

export const flag = z.boolean({ error: 'must be true or false' })

export const text = z.string({ error: 'must be text' })

const oneLine = 'must be one line of text'
export const line = z.string({ error: oneLine }).trim().regex(/^.+$/u, { error: oneLine })

const machineName = 'must be a name of letters, digits, dots, - and _'
/** The name of a machine, in lower case. */
export const machine = z
  .string({ error: machineName })
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]*$/, { error: machineName })

/** What a shell runs: any number of lines. */
export const script = z
  .string({ error: 'must be text' })
  .trim()
  .min(1, { error: 'must not be blank' })
  .refine((value) => !value.includes('\0'), { error: 'must be text without NUL' })

export const lines = z.array(z.string({ error: 'must be text' }), { error: 'must be a list' })

export const table = z.record(z.string(), z.unknown(), { error: 'must be a table of names' })

const allowed = 'must be a duration such as 90, 90s, 30m, 2h or 1d'
/** Whole seconds; 0 is said in so many words. */
export const duration = z
  .union([z.number(), z.string()], { error: allowed })
  .transform((value) => Math.ceil((typeof value === 'number' ? value : parseDuration(value)) ?? -1))
  .refine((seconds) => seconds >= 0 && Number.isSafeInteger(seconds), { error: allowed })

/** Of an environment. YAML reads `PORT: 8080` as a number and `DEBUG: true` as a boolean. */
export const variables = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
  z
    .union([z.string(), z.number(), z.boolean()], { error: 'must be text' })
    .transform(String)
    .refine((value) => !value.includes('\0'), { error: 'must be text without NUL' }),
  {
    error: ({ code }) =>
      code === 'invalid_key'
        ? 'must be a name of letters, digits and _'
        : 'must be a table of variables',
  },
)
