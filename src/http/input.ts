/** What a request asks for, as the input of its operation. */

import type { Context } from 'hono'
import { z } from 'zod'
import { BoardError } from '../model/error.ts'
import { parse } from '../model/parse.ts'
import { kindOf } from '../operations/command/schema.ts'
import type { Operation } from '../operations/operation.ts'
import { fieldsOf, pathFields, type Route } from './route.ts'

type Input = Record<string, unknown>

/** Said with every route besides its own fields. */
const everywhere = new Set(['board'])

/** Throws `invalid` for what the route does not know, and for what is no JSON. The operation checks the rest. */
export async function inputOf(c: Context, route: Route, operation: Operation): Promise<Input> {
  const sent = [...queryOf(c, route, operation), ...(await bodyOf(c, route))]
  const input: Input = {
    ...Object.fromEntries(sent.filter(({ fault }) => fault === undefined).map(entryOf)),
    ...Object.fromEntries(pathFields(route).map((name) => [name, c.req.param(name)])),
    ...route.fixed,
  }
  const faults = sent.flatMap(({ fault }) => fault ?? [])
  if (faults.length > 0) throw together(faults, input, operation)
  for (const [field, schema] of Object.entries(route.narrowed ?? {})) {
    const narrow = z.object({ [field]: schema })
    Object.assign(input, parse(narrow, { [field]: input[field] }, operation.name))
  }
  return input
}

/** Something that was sent: the field that it is, or what is wrong with it. */
interface Sent {
  readonly field: string
  readonly value: unknown
  readonly fault?: string
}

function entryOf({ field, value }: Sent): [string, unknown] {
  return [field, value]
}

/** A query has text alone: what it stands for, the schema of its field says. */
function queryOf(c: Context, route: Route, { input }: Operation): Sent[] {
  const fields = fieldsOf(route.query)
  const given = Object.entries(c.req.queries()).filter(([name]) => !everywhere.has(name))
  return given.map(([name, values]) => {
    const field = fields.get(name)
    const schema = field === undefined ? undefined : input.shape[field]
    if (field === undefined || schema === undefined) return unknown(name, fields)
    const [text = '', ...more] = values
    const value = meaning(kindOf(schema), text)
    return more.length === 0
      ? { field, value }
      : { field, value, fault: `${name} is given ${values.length} times` }
  })
}

/** What is no such value stays text, which the schema refuses in its own words. */
function meaning(kind: ReturnType<typeof kindOf>, text: string): unknown {
  if (kind === 'number') return /^-?\d+$/.test(text) ? Number(text) : text
  if (kind !== 'switch') return text
  return ['true', '1'].includes(text) ? true : ['false', '0'].includes(text) ? false : text
}

async function bodyOf(c: Context, route: Route): Promise<Sent[]> {
  if (route.body === undefined) return []
  const fields = fieldsOf(route.body)
  return Object.entries(await jsonOf(c)).map(([name, value]) => {
    const field = fields.get(name)
    return field === undefined ? unknown(name, fields) : { field, value }
  })
}

async function jsonOf(c: Context): Promise<Record<string, unknown>> {
  const text = await c.req.text()
  if (text.trim() === '') return {}
  const type = c.req.header('content-type') ?? ''
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) {
    throw new BoardError(
      'invalid',
      'the body must be JSON: send it as Content-Type: application/json',
    )
  }
  const body = parsed(text)
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
    return body as Record<string, unknown>
  }
  throw new BoardError('invalid', 'the body must be a JSON object such as {"title": "…"}')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BoardError('invalid', 'the body is no JSON: nothing was changed')
  }
}

function unknown(name: string, fields: ReadonlyMap<string, string>): Sent {
  const known = [...fields.keys()]
  const hint = known.length === 0 ? 'none is taken' : `there are ${known.join(', ')}`
  return { field: name, value: undefined, fault: `unknown field ${name.slice(0, 100)} (${hint})` }
}

/** What is wrong with the fields that are known is told with it, so that nobody has to ask twice. */
function together(faults: readonly string[], input: Input, { input: schema, name }: Operation) {
  const verb = name.replaceAll('_', ' ')
  const all = [...faults, ...faultsOf(() => parse(schema, input, verb))]
  return new BoardError('invalid', `cannot ${verb}: ${all.join('; ')}`, { faults: all })
}

function faultsOf(check: () => unknown): readonly string[] {
  try {
    check()
    return []
  } catch (error) {
    if (!(error instanceof BoardError)) throw error
    return error.details.faults as readonly string[]
  }
}
