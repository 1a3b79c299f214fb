import type { JSONObject } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Operation } from '../operations/operation.ts'

/** A JSON Schema, as far as we make one. */
export interface InputSchema {
  [key: string]: unknown
  type: 'object'
  properties: Record<string, JSONObject>
  required: string[]
  additionalProperties: false
}

type Json = Readonly<Record<string, unknown>>

/**
 * What a model is told of an operation's input: the fields that it may fill, those that it must
 * first, each in the plainest of its forms. More forms are understood than are told: a schema
 * without choices is one that every agent and every model gets right. `about` has the words for a
 * field where a model needs others than a person.
 */
export function inputSchema(
  { input }: Operation,
  fields: readonly string[],
  needed: readonly string[],
  about: Readonly<Record<string, string>> = {},
): InputSchema {
  const required = fields.filter((name) => needed.includes(name) || !isOptional(input, name))
  const order = [...required, ...fields.filter((name) => !required.includes(name))]
  const properties = order.map((name) => {
    const json = told(input, name)
    return [name, name in about ? { ...json, description: about[name] } : json]
  })
  return {
    type: 'object',
    properties: Object.fromEntries(properties) as Record<string, JSONObject>,
    required,
    additionalProperties: false,
  }
}

function isOptional(input: z.ZodObject, name: string): boolean {
  return (input.shape[name] as z.ZodType | undefined)?.safeParse(undefined).success ?? true
}

function told(input: z.ZodObject, name: string): Json {
  const schema = input.shape[name]
  if (schema === undefined) throw new TypeError(`there is no field ${name}`)
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return plainest(json)
}

/** Without the null that stands for nothing, and without the text that stands for a list, a number or an object. */
function plainest({ anyOf, type, ...rest }: Json): Json {
  if (Array.isArray(anyOf))
    return { ...plainest(plainer(anyOf, (form: Json) => form.type)), ...rest }
  const one = Array.isArray(type) ? plainer(type, (form: string) => form) : type
  if (one === 'object') return { type: one, ...about(rest), additionalProperties: true }
  return { type: one, ...withoutLimits(rest) }
}

function plainer<Form>(forms: readonly Form[], typeOf: (form: Form) => unknown): Form {
  const some = forms.filter((form) => typeOf(form) !== 'null')
  return (some.find((form) => typeOf(form) !== 'string') ?? some[0]) as Form
}

function about({ description }: Json): Json {
  return description === undefined ? {} : { description }
}

/** Those of a safe integer say nothing to anybody. */
function withoutLimits({ minimum, maximum, ...rest }: Json): Json {
  return {
    ...rest,
    ...(minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? {} : { minimum }),
    ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }),
  }
}
