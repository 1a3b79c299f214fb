/** Everything that is served, as one function of a request. */

import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { BoardError } from '../model/error.ts'
import { guard } from './access/guard.ts'
import { ticketSeconds } from './access/tickets.ts'
import { documents } from './documents.ts'
import { handlerOf } from './handler.ts'
import { strictHeaders } from './headers.ts'
import { page } from './page.ts'
import { refusalOf } from './refusal.ts'
import { base } from './route.ts'
import { routes } from './routes.ts'
import type { Serving } from './serving.ts'

const longestBody = 1024 * 1024

export function createApp(serving: Serving): Hono {
  const { access, log, boards } = serving
  const app = new Hono()
  app.use(strictHeaders)
  app.use(guard(access))
  app.use(
    bodyLimit({
      maxSize: longestBody,
      onError: () => {
        throw new BoardError('too_large', 'a request has at most 1 MiB: nothing was changed')
      },
    }),
  )
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, allow) => wrongMethod(c.req.method, allow, log),
    }),
  )
  for (const route of routes) {
    app.on(
      route.method.toUpperCase(),
      `${base}${routerPath(route.path)}`,
      handlerOf(route, serving),
    )
  }
  app.post(`${base}/tickets`, (c) =>
    c.json({ ticket: access.tickets.issue(), expires_in: ticketSeconds }),
  )
  app.route('/', documents())
  app.route('/', page(serving.page))
  app.notFound((c) => refusalOf(nowhere(c.req.path), log))
  app.onError(async (error) => {
    if (error instanceof BoardError && error.code === 'board_gone') await boards.sweep()
    return refusalOf(error, log)
  })
  return app
}

/** `{task_id}` as the router writes it. */
function routerPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}

function nowhere(path: string): BoardError {
  return new BoardError(
    'not_found',
    `there is nothing at ${path.slice(0, 200)}: /api/openapi.json names what there is`,
  )
}

function wrongMethod(method: string, allow: readonly string[], log: Serving['log']): Response {
  if (method === 'OPTIONS')
    return new Response(null, { status: 204, headers: { Allow: allow.join(', ') } })
  return refusalOf(
    new BoardError('wrong_method', `${method} is not done here: use ${allow.join(', ')}`, {
      allow,
    }),
    log,
  )
}
