/** Schemas as the document has them. */

import { z } from 'zod'
import { answers, parts } from '../answers.ts'

export type Json = Record<string, unknown>

/** What may be sent: of a value in several forms, all of them. */
export function jsonOf(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return withoutLimits(json) as Json
}

/** Those of a safe integer say nothing to anybody. */
function withoutLimits(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutLimits)
  if (typeof json !== 'object' || json === null) return json
  const kept = Object.entries(json).filter(
    ([, value]) => value !== Number.MAX_SAFE_INTEGER && value !== Number.MIN_SAFE_INTEGER,
  )
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutLimits(value)]))
}

/** Each answer once, and each part of answers, by name. */
export function componentSchemas(): Json {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries({ ...parts, ...answers })) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, {
    io: 'output',
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
  })
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: _id, ...schema }]) => [
      id,
      withoutLimits(schema),
    ]),
  )
}

/** `string`, `integer or null`, the name of a schema. */
export function typeOf(schema: Json): string {
  const {
    type,
    anyOf,
    $ref,
    items,
    enum: choices,
  } = schema as {
    type?: string | string[]
    anyOf?: Json[]
    $ref?: string
    items?: Json
    enum?: unknown[]
  }
  if ($ref !== undefined) return $ref.split('/').at(-1) ?? $ref
  if (choices !== undefined) return choices.join(', ')
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(' or ')
  if (type === 'array') return `list of ${items === undefined ? 'anything' : typeOf(items)}`
  return Array.isArray(type) ? type.join(' or ') : (type ?? 'anything')
}
