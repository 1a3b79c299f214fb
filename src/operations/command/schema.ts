/** What a schema says about how its value is written on a command line. */

import type { z } from 'zod'

/** `switch` is there or not; a `list` may be given again; the schema itself reads the rest. */
export type Kind = 'switch' | 'number' | 'list' | 'text'

export type Schema = z.core.$ZodType

export function kindOf(schema: Schema): Kind {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'boolean':
      return 'switch'
    case 'number':
      return 'number'
    case 'array':
      return 'list'
    case 'optional':
    case 'nullable':
    case 'default':
      return kindOf(def.innerType)
    case 'pipe':
      return kindOf(def.in)
    case 'union':
      return kindOfUnion(def.options.map(kindOf))
    default:
      return 'text'
  }
}

/** Text that stands for a list of one is a list; text beside a number is read by the schema (`90`, `2h`). */
function kindOfUnion(kinds: readonly Kind[]): Kind {
  return kinds.includes('list') ? 'list' : kinds.includes('text') ? 'text' : (kinds[0] ?? 'text')
}

/** The words that there are to choose from; undefined where any will do. */
export function choicesOf(schema: Schema): readonly string[] | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.type === 'enum') return Object.values(def.entries).map(String)
  return 'innerType' in def ? choicesOf(def.innerType) : undefined
}

/** What `.describe` said of the value, however it is wrapped. */
export function says(schema: Schema): string {
  const own = (schema as z.ZodType).description
  if (own !== undefined) return own
  const { def } = (schema as z.core.$ZodTypes)._zod
  return 'innerType' in def ? says(def.innerType) : ''
}

/** What it takes where nothing is said. */
export function defaultOf(schema: Schema): unknown {
  const { def } = (schema as z.core.$ZodTypes)._zod
  return def.type === 'default' ? def.defaultValue : undefined
}
