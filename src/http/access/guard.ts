import type { IncomingHttpHeaders } from 'node:http'
import type { Context, MiddlewareHandler } from 'hono'
import { setCookie } from 'hono/cookie'
import { BoardError } from '../../model/error.ts'
import { document, escaped } from '../html.ts'
import type { Access, Asking } from './access.ts'

/** How long a browser may stay away and need no new link, in seconds: a month. */
const cookieSeconds = 30 * 86_400

/** Lets in who may ask. The link of the page is changed for a cookie, and its secret leaves the address. */
export function guard(access: Access): MiddlewareHandler {
  return async (c, next) => {
    const asking = askingOf(c.req.method, c.req.header())
    access.checkOrigin(asking)
    const isPage = c.req.path === '/' && ['GET', 'HEAD'].includes(c.req.method)
    const { token, ticket } = isPage ? c.req.query() : {}
    if (token !== undefined && access.isToken(token)) return exchanged(c, access)
    if (ticket !== undefined && access.tickets.redeem(ticket)) return exchanged(c, access)
    try {
      access.check(asking)
    } catch (error) {
      if (!isPage || !(error instanceof BoardError) || error.code !== 'unauthorized') throw error
      return c.html(stranger, 401)
    }
    return token === undefined && ticket === undefined ? next() : cleaned(c)
  }
}

export function askingOf(method: string, headers: IncomingHttpHeaders): Asking {
  const one = (name: string): string | undefined => {
    const value = headers[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    method,
    host: one('host'),
    origin: one('origin'),
    fetchSite: one('sec-fetch-site'),
    fetchMode: one('sec-fetch-mode'),
    authorization: one('authorization'),
    cookie: one('cookie'),
  }
}

function exchanged(c: Context, { cookieName, cookie }: Access): Response {
  setCookie(c, cookieName, cookie(), {
    ...{ httpOnly: true, sameSite: 'Strict', path: '/', maxAge: cookieSeconds },
  })
  return cleaned(c)
}

/** The same page without the secret in its address. */
function cleaned(c: Context): Response {
  const query = new URLSearchParams(c.req.url.split('?')[1])
  for (const name of ['token', 'ticket']) query.delete(name)
  const rest = query.toString()
  const path = rest === '' ? '/' : `/?${rest}`
  // After a click in a page of another site the browser keeps a strict cookie back, redirects included,
  // until a page of this one leads on.
  if (c.req.header('sec-fetch-site') === 'cross-site') return c.html(onward(path))
  return c.redirect(path, 303)
}

function onward(path: string): string {
  const to = escaped(path)
  return document('Hermes Kanban', `<p><a href="${to}">Open the board</a></p>`, {
    refresh: to,
  })
}

/** A link in another page brings no cookie: the same one in this page does. */
const stranger = document(
  'Hermes Kanban',
  `<h1>Hermes Kanban</h1>
<p>This browser is not known here. Run <code>hermes dashboard</code> and open the link that it prints.</p>
<p>If you came from another page: <a href="/">open the board</a>.</p>`,
)
