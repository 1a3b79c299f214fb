/** Requests that no client of ours would send, to every route of the OpenAPI document. */

import fc from 'fast-check'
import { expect } from 'vitest'
import { answers } from '../../src/http/answers.ts'
import { openApi } from '../../src/http/openapi/openapi.ts'
import { base } from '../../src/http/route.ts'
import { routes } from '../../src/http/routes.ts'
import { expectInvariants } from '../board/invariants.ts'
import { addProfile, type Home, newHome } from '../http/home.ts'
import { always, idOf, odd, oddNumber, oddText, type Size, type Which, which } from './odd.ts'

interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

type Value = { readonly which: Which } | { readonly value: unknown }

type Fields = Readonly<Record<string, Value>>

interface Request {
  readonly method: string
  readonly path: string
  readonly inPath: readonly Value[]
  readonly query: readonly (readonly [name: string, value: Value])[]
  readonly body: Fields | string | undefined
  readonly headers: Readonly<Record<string, string>>
}

const words = ['ready', 'todo', 'done', 'blocked', 'archived', 'triage', 'running', 'review']
const names = ['writer', 'default', 'none', 'acme', 'second', 'telegram', '1h', '/srv/x', 'main']

/** Fields that mean one of a few, where any other text is refused. */
const known: Readonly<Record<string, readonly string[]>> = {
  slug: ['default', 'second', 'third'],
  board: ['default', 'second'],
  platform: ['telegram', 'webhook'],
  status: words,
  default_workdir: ['/srv/x'],
}

const someValue: fc.Arbitrary<Value> = odd.map((value) => ({ value }))

/** What a field is meant to be given. */
function meant(name: string, schema: Schema): fc.Arbitrary<Value> {
  const value = (some: fc.Arbitrary<unknown>) => some.map((one) => ({ value: one }))
  if (name !== 'chat_id' && /_id$/.test(name)) return which.map((one) => ({ which: one }))
  if (name === 'ids' || name === 'parents') {
    return value(fc.array(which, { minLength: 1, maxLength: 3 }))
  }
  const few = schema.enum ?? known[name]
  if (few !== undefined) return value(fc.constantFrom(...few))
  const [first] = [schema.type ?? schema.anyOf?.[0]?.type ?? 'string'].flat()
  if (first === 'integer') return value(fc.integer({ min: 1, max: 9 }))
  if (first === 'boolean') return value(fc.boolean())
  if (first === 'array') return value(fc.array(fc.constantFrom(...names)))
  if (first === 'object') return value(fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue()))
  return value(fc.oneof(fc.constantFrom(...names), oddText))
}

/** As `meant`, and now and then whatever. */
function fitting(name: string, schema: Schema): fc.Arbitrary<Value> {
  return fc.oneof(
    { weight: 3, arbitrary: meant(name, schema) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        someValue,
        oddNumber.map((value) => ({ value })),
      ),
    },
  )
}

const visible = fc.string({ maxLength: 20 }).map((text) => text.replace(/[^\x21-\x7e]/g, ''))

const headers: fc.Arbitrary<Request['headers']> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.dictionary(
      fc.constantFrom('if-none-match', 'accept', 'content-type', 'x-forwarded-for', 'range'),
      fc.oneof(fc.constantFrom('text/plain', 'application/json; charset=x', '"*"'), visible),
      { maxKeys: 2 },
    ),
  },
)

async function requests(): Promise<fc.Arbitrary<Request>> {
  const { paths } = await openApi()
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) =>
      requestsTo(method, path, one as unknown as Described),
    ),
  )
  return fc.oneof(...all)
}

interface Described {
  readonly parameters: readonly {
    readonly in: string
    readonly name: string
    readonly schema: Schema
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

/** Half of them such as might be answered, half of them such as should not. */
function requestsTo(method: string, path: string, one: Described): fc.Arbitrary<Request> {
  const common = { method: fc.constant(method.toUpperCase()), path: fc.constant(path) }
  const inPath = one.parameters.filter((parameter) => parameter.in === 'path')
  const inQuery = one.parameters.filter((parameter) => parameter.in === 'query')
  const { properties, required } = one.requestBody?.content['application/json']?.schema ?? {}
  const likely = fc.record({
    ...common,
    inPath: fc.tuple(...inPath.map(({ name, schema }) => meant(name, schema))),
    query: fc
      .subarray(inQuery)
      .chain((some) =>
        fc.tuple(
          ...some.map(({ name, schema }) => fc.tuple(fc.constant(name), meant(name, schema))),
        ),
      ),
    body: method === 'get' ? fc.constant(undefined) : bodies(properties, required, meant),
    headers: fc.constant({}),
  })
  const asked = inQuery.map(({ name, schema }) =>
    fc.tuple(fc.constant(name), fitting(name, schema)),
  )
  const wild = fc.record({
    ...common,
    inPath: fc.tuple(...inPath.map(({ name, schema }) => fitting(name, schema))),
    query: fc.array(fc.oneof(...asked, fc.tuple(fc.string({ maxLength: 5 }), someValue)), {
      maxLength: 3,
    }),
    body:
      method === 'get'
        ? fc.constant(undefined)
        : fc.oneof(
            bodies(properties, [], fitting),
            fc.dictionary(fc.string({ maxLength: 6 }), someValue, { maxKeys: 2 }),
            fc.oneof(
              oddText,
              odd.map(String),
              odd.map((value) => JSON.stringify(value)),
            ),
          ),
    headers,
  })
  return fc.oneof(likely, wild)
}

function bodies(
  properties: Readonly<Record<string, Schema>> = {},
  required: readonly string[] = [],
  draw: typeof meant,
): fc.Arbitrary<Fields> {
  const optional = Object.keys(properties).filter((name) => !required.includes(name))
  return fc
    .subarray(optional, { maxLength: Math.min(3, optional.length) })
    .chain((some) =>
      fc.record(
        Object.fromEntries(
          [...required, ...some].map((name) => [name, draw(name, properties[name] ?? {})]),
        ),
      ),
    )
}

function told(value: unknown, ids: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => told(one, ids))
  if (typeof value !== 'object' || value === null) return value
  if ('nth' in value && typeof value.nth === 'number') return idOf({ nth: value.nth }, ids)
  return value
}

function plain(of: Value, ids: readonly string[]): unknown {
  return 'which' in of ? idOf(of.which, ids) : told(of.value, ids)
}

function inAddress(of: Value, ids: readonly string[]): string {
  const value = plain(of, ids)
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return encodeURIComponent(text.slice(0, 2000).toWellFormed())
}

function textOf(body: Request['body'], ids: readonly string[]): string | undefined {
  if (typeof body !== 'object') return body
  const fields = Object.entries(body).map(([name, value]) => [name, plain(value, ids)])
  return JSON.stringify(Object.fromEntries(fields))
}

/** Sends it, and looks at what is promised of each answer. Returns whether it was done. */
async function send(home: Home, request: Request, ids: string[]): Promise<boolean> {
  const { method, path, inPath, query, body, headers } = request
  let n = 0
  const filled = path.replace(/\{\w+\}/g, () => inAddress(inPath[n++] ?? { value: '' }, ids))
  const search = query.map(
    ([name, value]) => `${encodeURIComponent(name.toWellFormed())}=${inAddress(value, ids)}`,
  )
  const text = textOf(body, ids)
  const response = await home.app.request(
    `http://127.0.0.1:9119${filled}${search.length > 0 ? `?${search.join('&')}` : ''}`,
    {
      method,
      headers: {
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
        host: '127.0.0.1:9119',
        authorization: `Bearer ${home.access.token()}`,
      },
      ...(text === undefined ? {} : { body: text }),
    },
  )
  const said = await expectPromised(response, method, path)
  if (typeof said?.task?.id === 'string') ids.push(said.task.id)
  return response.status === 200
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever is answered
async function expectPromised(response: Response, method: string, path: string): Promise<any> {
  const { status, headers } = response
  if (headers.get('content-type') === 'text/event-stream') return response.body?.cancel()
  const said = await response.text()
  if (status === 304) {
    expect(said).toBe('')
    return undefined
  }
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  // A lane may be called that; zod leaves such a key out of what it has checked.
  const body = JSON.parse(said, (key, value) => (key === '__proto__' ? undefined : value))
  if (status === 200) {
    const route = routes.find(
      (one) => one.method.toUpperCase() === method && `${base}${one.path}` === path,
    )
    if (route !== undefined) expect(answers[route.answer].parse(body)).toEqual(body)
    return body
  }
  // 405 where a part of the address was `.`, which makes another address of it.
  expect([400, 403, 404, 405, 409, 413, 422, 426], said).toContain(status)
  expect(body).toMatchObject({
    detail: expect.any(String),
    code: expect.stringMatching(/^[a-z_]+$/),
  })
  expect(body.detail.trim()).not.toBe('')
  expect(body.detail).not.toMatch(/\n|^\s+at |unexpected/)
  expect(body.detail.length).toBeLessThan(5000)
  return undefined
}

export async function fuzzRest(size: Size): Promise<void> {
  const home = await newHome()
  addProfile(home.root, 'writer')
  await home.post('/boards', { slug: 'second' })
  const { store } = await home.board()
  const ids: string[] = []
  for (let n = 0; n < 8; n += 1) {
    ids.push(await home.create({ assignee: n % 2 === 0 ? 'writer' : null, parents: ids.slice(-1) }))
  }
  await always(fc.array(await requests(), { minLength: 1, maxLength: 12 }), size, async (all) => {
    for (const request of all) await send(home, request, ids)
    expect(home.said).toEqual([])
    await store.read(expectInvariants)
  })
}
