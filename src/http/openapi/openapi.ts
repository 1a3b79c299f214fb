/** The OpenAPI document, made of the schemas that check the requests and of those that answers are made by. */

import pkg from '../../../package.json' with { type: 'json' }
import type { Operation } from '../../operations/operation.ts'
import { findOperation } from '../../operations/registry.ts'
import { base, fieldsOf, type Names, pathFields, type Route } from '../route.ts'
import { routes } from '../routes.ts'
import { componentSchemas, type Json, jsonOf } from './json-schema.ts'
import { boardParameter, isOptional, parameter, schemaOf } from './parameters.ts'
import { answerOf, refusals } from './responses.ts'
import { unbound } from './unbound.ts'

export interface OpenApi {
  readonly openapi: '3.1.0'
  readonly info: Json
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly schemas: Json; readonly securitySchemes: Json }
  readonly security: readonly Json[]
}

/** One route as the document describes it. */
export interface Described {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly parameters: readonly Json[]
  readonly requestBody?: Json
  readonly responses: Json
}

export async function openApi(): Promise<OpenApi> {
  const paths: Record<string, Record<string, Described>> = {}
  for (const route of routes) {
    const path = `${base}${route.path}`
    paths[path] = { ...paths[path], [route.method]: await described(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hermes Kanban',
      version: pkg.version,
      description: pkg.description,
      license: { name: pkg.license },
    },
    paths: { ...paths, ...unbound },
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            'the token of the installation, from the link that `hermes dashboard` prints',
        },
        cookie: {
          ...{ type: 'apiKey', in: 'cookie', name: 'hermes_kanban_<port>' },
          description: 'what a browser has after it has opened that link',
        },
      },
    },
    security: [{ token: [] }, { cookie: [] }],
  }
}

async function described(route: Route): Promise<Described> {
  const operation = await findOperation(route.operation)
  if (operation === undefined) throw new TypeError(`there is no operation ${route.operation}`)
  const { summary } = operation
  return {
    operationId: `${route.method} ${route.path}`.replace(/\W+/g, '_').replace(/_$/, ''),
    summary: summary.replace(/\.$/, ''),
    ...(route.says === undefined ? {} : { description: route.says }),
    tags: [route.path.split('/')[1] ?? ''],
    parameters: [
      ...pathFields(route).map((name) => parameter('path', name, schemaOf(route, operation, name))),
      ...Array.from(fieldsOf(route.query), ([name, field]) =>
        parameter('query', name, schemaOf(route, operation, field)),
      ),
      boardParameter,
    ],
    ...bodyOf(route, operation),
    responses: { ...answerOf(route), ...refusals(operation) },
  }
}

function bodyOf(route: Route, operation: Operation): { requestBody?: Json } {
  if (route.body === undefined) return {}
  const fields = [...fieldsOf(route.body as Names)].map(
    ([name, field]) => [name, schemaOf(route, operation, field)] as const,
  )
  const required = fields.filter(([, schema]) => !isOptional(schema)).map(([name]) => name)
  const schema = {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, one]) => [name, jsonOf(one)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  }
  return {
    requestBody: {
      required: required.length > 0,
      content: { 'application/json': { schema } },
    },
  }
}
