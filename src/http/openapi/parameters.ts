/** Where each field of an operation stands in a request. */

import type { z } from 'zod'
import type { Operation } from '../../operations/operation.ts'
import type { Route } from '../route.ts'
import { type Json, jsonOf } from './json-schema.ts'

export const boardParameter = {
  name: 'board',
  in: 'query',
  required: false,
  description: 'the board, by its slug; without it the one that is current',
  schema: { type: 'string' },
}

export function schemaOf(route: Route, operation: Operation, field: string): z.ZodType {
  const schema = route.narrowed?.[field] ?? operation.input.shape[field]
  if (schema === undefined) throw new TypeError(`${operation.name} has no field ${field}`)
  return schema as z.ZodType
}

export function parameter(place: 'path' | 'query', name: string, schema: z.ZodType): Json {
  const { description, ...json } = jsonOf(schema)
  return {
    name,
    in: place,
    required: place === 'path' || !isOptional(schema),
    ...(description === undefined ? {} : { description }),
    schema: json,
  }
}

export function isOptional(schema: z.ZodType): boolean {
  return schema.safeParse(undefined).success
}
