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
  const faults = [...new Set(issues.map(fault))]
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
  if (field !== '') return `${field} ${issueText(issue)}`
  return issue.code === 'invalid_union' ? unionFault(issue) : issue.message
}

/** What is wrong with a field, as the end of a sentence that its name begins. */
export function issueText(issue: Issue): string {
  if (issue.code === 'invalid_union') return unionFault(issue)
  // A schema that says more says it in words of its own.
  return /^(Invalid|Too) /.test(issue.message) ? plainly(issue) : issue.message
}

function plainly(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.message.endsWith(', received undefined')) return 'is missing'
      return `must be ${types[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`
    case 'too_small':
      return `must ${isNumber(issue) ? 'be' : 'have'} ${issue.minimum} or more`
    case 'too_big':
      return `must ${isNumber(issue) ? 'be' : 'have'} ${issue.maximum} or less`
    default:
      return issue.message
  }
}

function isNumber({ origin }: { readonly origin: string }): boolean {
  return origin === 'number' || origin === 'int'
}

const types: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

/** The branch that came furthest knows best what is wrong. */
function unionFault(issue: Issue & { code: 'invalid_union' }): string {
  const custom = issue.errors.flat().find((inner) => inner.code === 'custom')
  if (custom !== undefined) return custom.message
  return issue.message === 'Invalid input' ? 'has the wrong type' : issue.message
}
