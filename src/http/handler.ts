/** One route as a handler: finds out what is asked, has it done, and says what came of it. */

import type { Context as Request } from 'hono'
import { type Context, isLive, type Operation, perform } from '../operations/operation.ts'
import { findOperation } from '../operations/registry.ts'
import { contextFor } from './context.ts'
import { inputOf } from './input.ts'
import { streamOf } from './live/stream.ts'
import type { Route } from './route.ts'
import type { Serving } from './serving.ts'
import { knownTag, type Tagged, tagOf } from './tag.ts'

export function handlerOf(route: Route, serving: Serving) {
  return async (c: Request): Promise<Response> => {
    const operation = await findOperation(route.operation)
    if (operation === undefined) throw new TypeError(`there is no operation ${route.operation}`)
    const input = await inputOf(c, route, operation)
    const gone = new AbortController()
    const signal = route.live ? AbortSignal.any([gone.signal, serving.signal]) : serving.signal
    const context = contextFor(serving, c.req.query('board'), signal)
    if (route.tagged) return tagged(c, { route, operation, input, context }, serving)
    const result = await perform(operation, input, context)
    if (isLive(result)) {
      const items = each(result, (item) => shaped(route, item, serving))
      return streamOf(c, items, () => gone.abort())
    }
    return c.json((await shaped(route, result, serving)) as object)
  }
}

interface Asked {
  readonly route: Route
  readonly operation: Operation
  readonly input: object
  readonly context: Context
}

/** Nothing is read, and nothing sent, for whoever has it already. */
async function tagged(
  c: Request,
  { route, operation, input, context }: Asked,
  serving: Serving,
): Promise<Response> {
  const gateway = await serving.gateway()
  const known = knownTag(c.req.header('if-none-match'), gateway)
  const result = (await perform(operation, { ...input, known }, context)) as Tagged
  const headers = { ETag: tagOf(result, gateway), 'Cache-Control': 'private, no-cache' }
  if (result.view === undefined) return c.body(null, 304, headers)
  return c.json((await shaped(route, result, serving)) as object, 200, headers)
}

/** Of what goes on, each item is. */
function shaped({ shape }: Route, result: unknown, serving: Serving): unknown {
  return shape === undefined ? result : shape(result as never, serving)
}

async function* each(items: AsyncIterable<unknown>, change: (item: unknown) => unknown) {
  for await (const item of items) yield change(item)
}
