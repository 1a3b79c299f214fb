import type { z } from 'zod'
import { BoardError } from './error.ts'

/**
 * What `schema` makes of `input`. Throws one `BoardError` that names every fault: `meaningless` when
 * the shape is right and only the content is not, else `invalid`.
 */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  what: string,
): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const { issues } = result.error
  const faults = issues.map(fault)
  throw new BoardError(
    issues.every(isMeaningless) ? 'meaningless' : 'invalid',
    `cannot ${what}: ${faults.join('; ')}`,
    { faults },
  )
}

type Issue = z.core.$ZodIssue

function isMeaningless(issue: Issue): boolean {
  return issue.code === 'custom' && issue.params?.meaningless === true
}

function fault(issue: Issue): string {
  const field = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') return `unknown field ${issue.keys.join(', ')}`
  const message = issue.code === 'invalid_union' ? unionFault(issue) : issue.message
  return field === ''
    ? message
    : `${field} ${message.replace(/^Invalid (input|option): /, 'is not valid: ')}`
}

/** The branch that came furthest knows best what is wrong. */
function unionFault(issue: Issue & { code: 'invalid_union' }): string {
  const custom = issue.errors.flat().find((inner) => inner.code === 'custom')
  return custom?.message ?? 'has the wrong type'
}
