/** docs/reference/rest.md, from the OpenAPI document that the dashboard serves. */

import { type Json, typeOf } from '../src/http/openapi/json-schema.ts'
import { type Described, type OpenApi, openApi } from '../src/http/openapi/openapi.ts'
import { base } from '../src/http/route.ts'

type Table = (head: readonly string[], rows: readonly (readonly string[])[]) => string[]

export async function rest(table: Table): Promise<string[]> {
  const api = await openApi()
  return [
    ...['# REST', ''],
    'What `hermes dashboard` serves, and the gateway with `kanban.dashboard: true`. [REST and live events](../rest.md)',
    'tells how to use it; `/api/openapi.json` of a running dashboard is the same for programs.',
    '',
    `All paths below are under \`${base}\`, and all of them take \`?board=<slug>\`; without it the current board is meant.`,
    'A name with * is needed.',
    '',
    ...Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, one]) => route(path, method, one, table)),
    ),
    ...['## Answers', '', ...answers(api, table)],
  ]
}

function route(path: string, method: string, one: Described, table: Table): string[] {
  const fields = [
    ...one.parameters
      .filter(({ name }) => name !== 'board')
      .map((field) => [String(field.name), String(field.in), field.schema as Json, field] as const),
    ...bodyFields(one.requestBody),
  ]
  const rows = fields.map(([name, place, schema, { required, description }]) => [
    `\`${name}\`${required === true ? ' \\*' : ''}`,
    place,
    typeOf(schema),
    String(description ?? ''),
  ])
  return [
    ...[`## ${method.toUpperCase()} ${path.replace(base, '')}`, ''],
    ...[`${one.summary}.`, ''],
    ...(one.description === undefined ? [] : [one.description, '']),
    ...(rows.length === 0 ? [] : [...table(['Field', 'In', 'Type', 'Says'], rows), '']),
    ...[`Answers ${statuses(one)}.`, ''],
  ]
}

type Field = readonly [name: string, place: string, schema: Json, more: Json]

function bodyFields(requestBody: Json | undefined): Field[] {
  const content = (requestBody?.content ?? {}) as Record<string, { schema: Json }>
  const { properties = {}, required = [] } = (content['application/json']?.schema ?? {}) as {
    properties?: Record<string, Json>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, schema]) => [
    ...([name, 'body', schema] as const),
    { required: required.includes(name), description: schema.description },
  ])
}

function statuses({ responses }: Described): string {
  const all = Object.entries(responses as Record<string, Json>).map(([status, { content }]) => {
    const [first] = Object.values((content ?? {}) as Record<string, { schema: Json }>)
    const name = first === undefined ? undefined : typeOf(first.schema)
    return name === undefined || name === 'Refusal' ? status : `${status} with \`${name}\``
  })
  return `${all.slice(0, -1).join(', ')}${all.length > 1 ? ' or ' : ''}${all.at(-1)}`
}

function answers({ components }: OpenApi, table: Table): string[] {
  return Object.entries(components.schemas as Record<string, Json>)
    .flatMap(([name, schema]) => {
      const fields = Object.entries((schema.properties ?? {}) as Record<string, Json>)
      const rows = fields.map(([field, one]) => [
        ...[`\`${field}\``, typeOf(one), String(one.description ?? '')],
      ])
      return [`### ${name}`, '', ...table(['Field', 'Type', 'Says'], rows), '']
    })
    .slice(0, -1)
}
