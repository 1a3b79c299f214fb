/** From what a person wrote to what an operation takes. */

import { BoardError } from '../../model/error.ts'
import { parse } from '../../model/parse.ts'
import { deed, type Operation } from '../operation.ts'
import type { Shorthand } from './binding.ts'
import { coerce } from './coerce.ts'
import type { Io } from './io.ts'
import type { Given } from './read.ts'
import { kindOf } from './schema.ts'

export type Input = Readonly<Record<string, unknown>>

/** One input, or one for each id that the line names. */
export async function inputsOf(operation: Operation, given: Given, io: Io): Promise<Input[]> {
  const { each, single = [], stdin } = operation.command ?? {}
  const input: Record<string, unknown> = {}
  for (const [field, schema] of Object.entries(operation.input.shape)) {
    const written = given.get(field)
    if (written === undefined || field === each) continue
    input[field] = coerce(kindOf(schema), written)
  }
  for (const shorthand of operation.command?.shorthands ?? []) {
    const text = given.get(shorthand.flag)
    if (text === undefined) continue
    Object.assign(input, valuesOf(shorthand, String(text), operation, input))
  }
  if (stdin !== undefined && input[stdin] === '-') input[stdin] = await io.stdin()
  const named = each === undefined ? undefined : given.get(each)
  if (each === undefined || named === undefined) return [input]
  const all = [...new Set([named].flat().map(String))]
  const alone = single.filter((field) => field in input)
  if (all.length > 1 && alone.length > 0) {
    const flags = alone.map((field) => spelling(operation, field)).join(' and ')
    throw new BoardError('usage', `${flags} cannot be shared by several tasks: name one id`)
  }
  return all.map((one) => ({ ...input, [each]: one }))
}

/** What a shorthand stands for. Where it stands for nothing, all else that is wrong is told with it. */
function valuesOf(
  shorthand: Shorthand,
  text: string,
  operation: Operation,
  input: Input,
): Readonly<Record<string, unknown>> {
  try {
    return shorthand.parse(text)
  } catch (error) {
    const others = faultsOf(operation, input)
    if (!(error instanceof BoardError) || others === undefined) throw error
    throw new BoardError(error.code, `${error.message}; ${others}`)
  }
}

function faultsOf(operation: Operation, input: Input): string | undefined {
  try {
    parse(operation.input, input, deed(operation))
    return undefined
  } catch (error) {
    return error instanceof BoardError ? spelled(error, operation) : undefined
  }
}

/** How a person writes a field: the name of its place, else its flag. */
function spelling({ command }: Operation, field: string): string {
  const { flags, positional, shorthands } = command ?? {}
  const flag = flags?.[field] ?? shorthands?.find(({ sets }) => sets.includes(field))?.flag
  return positional?.[field]?.replace(/[<>[\].]/g, '') ?? flag?.match(/--[\w-]+/)?.[0] ?? field
}

/** What is wrong with an input, in the words of the command line in place of the fields' names. */
export function spelled(error: BoardError, operation: Operation): string {
  const { faults } = error.details
  if (!Array.isArray(faults)) return error.message
  const known = faults.map((fault) =>
    String(fault).replace(/^([a-z_]+)(?:\.\d+)?(?= )/, (whole, field) =>
      field in operation.input.shape ? spelling(operation, field) : whole,
    ),
  )
  return error.message.replace(faults.join('; '), () => known.join('; '))
}
