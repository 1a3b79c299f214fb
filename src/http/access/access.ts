/**
 * Who may ask. Whatever runs in a browser of this machine reaches the port: a page of another site by a
 * request of its own (Origin), or by a name of its own that leads here (Host). So both are looked at
 * before the secret is, and a cookie alone changes nothing unless the browser vouches for the page.
 */

import { sameSecret } from '../../lib/secret.ts'
import { BoardError } from '../../model/error.ts'
import { createTickets, type Tickets } from './tickets.ts'
import { cookieValue } from './token.ts'

/** What a request says about itself. Headers as they came; undefined where there was none. */
export interface Asking {
  readonly method: string
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
  readonly fetchMode: string | undefined
  readonly authorization: string | undefined
  readonly cookie: string | undefined
}

export interface Access {
  readonly cookieName: string
  readonly tickets: Tickets
  /** Throws `forbidden` for a wrong name or a foreign page, whoever it is. */
  checkOrigin(asking: Asking): void
  /** As that; throws `unauthorized` without the secret, too. */
  check(asking: Asking): void
  isToken(text: string): boolean
  /** The one that is in force; other text after a rotation. */
  token(): string
  cookie(): string
}

export interface AccessOptions {
  readonly token: () => string
  /** Cookies know no ports: two dashboards of one machine must not take each other's. */
  readonly port: number
  /** Names and addresses by which it may be reached, besides those of this machine. */
  readonly hosts: readonly string[]
}

const loopback = ['127.0.0.1', 'localhost', '::1']

const reading = ['GET', 'HEAD', 'OPTIONS']

export function createAccess({ token, port, hosts }: AccessOptions): Access {
  const names = new Set([...loopback, ...hosts].map(bare))
  const cookieName = `hermes_kanban_${port}`
  const isToken = (text: string): boolean => sameSecret(text, token())
  const cookie = (): string => cookieValue(token())

  function checkOrigin({ method, host, origin, fetchSite, fetchMode }: Asking): void {
    const name = host === undefined ? undefined : nameIn(host)
    if (name === undefined || !names.has(name)) {
      throw new BoardError(
        'forbidden',
        'this is not the name of the dashboard: use localhost, or name the host under dashboard.allowed_hosts',
      )
    }
    // A link in another page leads here as the address bar does; it brings no cookie, and reads nothing.
    const isLink = reading.includes(method) && fetchMode === 'navigate' && origin === undefined
    if (isLink) return
    const isForeign = origin !== undefined && !isOf(origin, host)
    if (isForeign || fetchSite === 'cross-site' || fetchSite === 'same-site') {
      throw new BoardError(
        'forbidden',
        'a page of another site asks: nothing is told, nothing done',
      )
    }
  }

  function check(asking: Asking): void {
    checkOrigin(asking)
    const { method, host, origin, fetchSite, authorization } = asking
    if (authorization !== undefined) {
      const [, bearer] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
      if (bearer !== undefined && isToken(bearer)) return
      throw unauthorized()
    }
    const sent = cookieIn(asking.cookie, cookieName)
    if (sent === undefined || !sameSecret(sent, cookie())) throw unauthorized()
    const isVouched = isOf(origin, host) || fetchSite === 'same-origin'
    if (!reading.includes(method) && !isVouched) {
      throw new BoardError(
        'forbidden',
        'the browser does not say that the page itself asks: nothing was changed; a script sends Authorization: Bearer <token>',
      )
    }
  }

  return {
    ...{ cookieName, tickets: createTickets(), checkOrigin, check, isToken, token, cookie },
  }
}

function unauthorized(): BoardError {
  return new BoardError(
    'unauthorized',
    'the token is missing or wrong: open the link that `hermes dashboard` prints, or send Authorization: Bearer <token>',
  )
}

/** The name in a Host header, without its port; undefined when it is none. */
function nameIn(host: string): string | undefined {
  const [, name] = /^(\[[0-9a-f:.]+\]|[^\s:/?#@\\[\]]+)(?::\d+)?$/i.exec(host) ?? []
  return name === undefined ? undefined : bare(name)
}

function bare(name: string): string {
  return name.toLowerCase().replace(/^\[(.*)\]$/, '$1')
}

/** Whether a page at `origin` was served by this very host and port, with or without TLS in front of it. */
function isOf(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined || host === undefined) return false
  return ['http', 'https'].some(
    (scheme) => origin.toLowerCase() === `${scheme}://${host.toLowerCase()}`,
  )
}

function cookieIn(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [key, ...value] = part.trim().split('=')
    if (key === name) return value.join('=')
  }
  return undefined
}
