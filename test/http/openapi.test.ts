import { expect, test } from 'vitest'
import { z } from 'zod'
import { openApi } from '../../src/http/openapi/openapi.ts'
import { base } from '../../src/http/route.ts'
import { routes } from '../../src/http/routes.ts'
import { newHome } from './home.ts'

interface Schema {
  readonly [key: string]: unknown
}

const api = await openApi()
const schemas = api.components.schemas as Record<string, Schema>
const described = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, one]) => ({ path, method, one })),
)

test('every route is in the document, and nothing else', async () => {
  const { app } = await newHome()
  const served = app.routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith(base))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
  const inDocument = described.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
  // The socket is no request that the router sees.
  const socket = `GET ${base}/events`
  expect(new Set(inDocument)).toEqual(new Set([...served, socket]))
  expect(inDocument).toHaveLength(new Set(inDocument).size)
  expect(served).toHaveLength(routes.length + 1)
})

test('it is served, with everything that a reader of OpenAPI 3.1 needs', async () => {
  const home = await newHome()
  const served = await home.get('/api/openapi.json')
  expect(served).toEqual(JSON.parse(JSON.stringify(api)))
  expect(served.openapi).toBe('3.1.0')
  expect(served.info).toMatchObject({ title: expect.any(String), version: expect.any(String) })
  const ids = described.map(({ one }) => one.operationId)
  expect(ids).toHaveLength(new Set(ids).size)
  for (const { path, one } of described) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const inPath = one.parameters.filter((parameter) => parameter.in === 'path')
    expect(inPath.map(({ name }) => name)).toEqual(named)
    for (const parameter of one.parameters) {
      expect(parameter, `${path} ${parameter.name}`).toMatchObject({
        name: expect.any(String),
        description: expect.any(String),
        schema: expect.any(Object),
      })
    }
    expect(Object.keys(one.responses).length).toBeGreaterThan(0)
    expect(one.summary).toBeTruthy()
  }
})

test('every reference leads somewhere, and every schema can be compiled', () => {
  const refs = JSON.stringify(api).match(/"\$ref":"[^"]+"/g) ?? []
  const targets = new Set(refs.map((ref) => ref.slice(8, -1)))
  expect(targets.size).toBeGreaterThan(15)
  for (const target of targets) {
    expect(target).toMatch(/^#\/components\/schemas\//)
    expect(Object.keys(schemas)).toContain(target.split('/').at(-1))
  }
  for (const { one, path, method } of described) {
    const bodies = Object.values(
      (one.requestBody?.content ?? {}) as Record<string, { schema: Schema }>,
    )
    for (const { schema } of bodies)
      expect(() => compiled(schema), `${method} ${path}`).not.toThrow()
    for (const { schema } of one.parameters as { schema: Schema }[]) compiled(schema)
  }
  for (const schema of Object.values(schemas)) compiled(schema)
})

/** From the document alone, as a program that has nothing else would. */
function compiled(schema: Schema): z.ZodType {
  const local = JSON.parse(
    JSON.stringify({ ...schema, $defs: schemas }).replaceAll('#/components/schemas/', '#/$defs/'),
  )
  return z.fromJSONSchema(local)
}

test('what is answered fits the document, and what does not fit it is refused', async () => {
  const home = await newHome()
  const id = await home.create({ title: 'a', body: 'b', skills: ['x'], tenant: 't' })
  await home.patch(id, { status: 'done', summary: 's', metadata: { deep: [1] } })
  const board = await home.get('/board')
  expect(() => compiled(schemas.Board ?? {}).parse(board)).not.toThrow()
  expect(() => compiled(schemas.Board ?? {}).parse({ ...board, now: 'x' })).toThrow()
  expect(() => compiled(schemas.Shown ?? {}).parse({ task: 1 })).toThrow()
  const shown = await home.get(`/tasks/${id}`)
  expect(() => compiled(schemas.Shown ?? {}).parse(shown)).not.toThrow()
  const body = bodyOf('post', `${base}/tasks`)
  expect(() =>
    body.parse({ title: 'x', parents: ['t_1'], max_runtime_seconds: '2h' }),
  ).not.toThrow()
  expect(() => body.parse({})).toThrow()
  expect(() => body.parse({ title: 'x', nonsense: 1 })).toThrow()
})

function bodyOf(method: string, path: string): z.ZodType {
  const found = described.find((one) => one.method === method && one.path === path)
  const content = found?.one.requestBody?.content as Record<string, { schema: Schema }>
  return compiled(content['application/json']?.schema ?? {})
}

test('people read it as a page that runs no script and loads nothing foreign', async () => {
  const home = await newHome()
  const page: string = await home.get('/api/reference')
  for (const { path, method } of described)
    expect(page).toContain(`<span>${method.toUpperCase()}</span> ${path}`)
  expect(page).not.toMatch(/<script|style=|javascript:|src="http|href="http/i)
  expect(page).toContain('<link rel="stylesheet" href="/api/reference.css">')
  expect(await home.get('/api/reference.css')).toContain('color-scheme')
})
