import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createAccess } from '../../src/http/access/access.ts'
import { createTickets, ticketSeconds } from '../../src/http/access/tickets.ts'
import { installationToken, rotateToken } from '../../src/http/access/token.ts'
import { base } from '../../src/http/route.ts'
import { routes } from '../../src/http/routes.ts'
import { newRoot } from '../operations/home.ts'
import { host, newHome } from './home.ts'

const paths = [
  ...routes.map(({ method, path }) => [method.toUpperCase(), `${base}${path}`] as const),
  ['POST', `${base}/tickets`] as const,
  ['GET', '/api/openapi.json'] as const,
  ['GET', '/api/reference'] as const,
  ['GET', '/api/reference.css'] as const,
  ['GET', '/'] as const,
  ['GET', '/assets/index.js'] as const,
  ['GET', '/nowhere'] as const,
  ['POST', '/'] as const,
  ['OPTIONS', `${base}/board`] as const,
]

const own = { host }
const good = async () => {
  const home = await newHome()
  return {
    home,
    bearer: { ...own, authorization: `Bearer ${home.access.token()}` },
    cookie: { ...own, cookie: `x=1; ${home.access.cookieName}=${home.access.cookie()}` },
    send: (method: string, path: string, headers: Record<string, string>, body?: string) =>
      home.app.request(`http://${host}${path}`, {
        method,
        headers: {
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
      }),
  }
}

test('nothing at all is told or done without the token, or with a wrong one', async () => {
  const { home, send } = await good()
  const token = home.access.token()
  const wrong: Record<string, string>[] = [
    {},
    { authorization: 'Bearer wrong' },
    { authorization: `Bearer ${token}0` },
    { authorization: `Bearer ${token.slice(0, -1)}` },
    { authorization: `Basic ${btoa(`user:${token}`)}` },
    { authorization: token },
    { authorization: 'Bearer ' },
    { cookie: `${home.access.cookieName}=wrong` },
    { cookie: `${home.access.cookieName}=` },
    { cookie: `${home.access.cookieName}=${token}` },
    { cookie: `hermes_kanban_9120=${home.access.cookie()}` },
    // A header that is wrong is not made good by a cookie.
    {
      authorization: 'Bearer wrong',
      cookie: `${home.access.cookieName}=${home.access.cookie()}`,
    },
  ]
  for (const [method, path] of paths) {
    for (const headers of wrong) {
      const answer = await send(method, path, { ...own, ...headers })
      const what = `${method} ${path} ${JSON.stringify(headers)}`
      expect(answer.status, what).toBe(401)
      expect(answer.headers.get('content-security-policy'), what).toContain("default-src 'none'")
    }
    const inAddress = await send(method, `${path}?token=${token}`, own)
    const exchanged = path === '/' && method === 'GET'
    expect(inAddress.status, `${method} ${path}?token`).toBe(exchanged ? 303 : 401)
  }
})

test('a name that is not ours is refused, whatever it brings', async () => {
  const { bearer, cookie, send } = await good()
  const names = [
    ...['evil.example', 'evil.example:9119', '127.0.0.1.evil.example', 'localhost.evil.example'],
    ...['127.0.0.1@evil.example', 'evil.example#127.0.0.1', '[::2]:9119', '10.0.0.7:9119', ''],
  ]
  for (const [method, path] of paths) {
    for (const name of names) {
      for (const headers of [bearer, cookie]) {
        const answer = await send(method, path, { ...headers, host: name })
        expect(answer.status, `${method} ${path} as ${name}`).toBe(403)
      }
    }
  }
  for (const name of ['localhost:8080', '[::1]:9119', '127.0.0.1', 'LOCALHOST:9119']) {
    expect((await send('GET', `${base}/stats`, { ...bearer, host: name })).status, name).toBe(200)
  }
})

test('a page of another site reaches nothing, by a request, a form or an image', async () => {
  const { bearer, cookie, send } = await good()
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'http://127.0.0.1:3000' },
    { origin: 'http://localhost:9119' },
    { origin: 'null' },
    { origin: `http://${host}.evil.example` },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' },
    {
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
    },
  ]
  for (const [method, path] of paths) {
    for (const headers of foreign) {
      for (const who of [bearer, cookie]) {
        const answer = await send(method, path, { ...who, ...headers })
        expect(answer.status, `${method} ${path} ${JSON.stringify(headers)}`).toBe(403)
        expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      }
    }
  }
})

test('a cookie alone changes nothing: the browser must say that the page itself asks', async () => {
  const { home, cookie, bearer, send } = await good()
  const writes = paths.filter(([method]) => !['GET', 'OPTIONS'].includes(method))
  for (const [method, path] of writes) {
    expect((await send(method, path, cookie, '{}')).status, `${method} ${path}`).toBe(403)
  }
  expect((await home.get('/board')).latest_event_id).toBe(0)
  const task = '{"title":"a"}'
  for (const vouched of [
    { ...cookie, origin: `http://${host}` },
    { ...cookie, 'sec-fetch-site': 'same-origin' },
    { ...cookie, origin: `https://${host}` },
    bearer,
  ]) {
    expect((await send('POST', `${base}/tasks`, vouched, task)).status).toBe(200)
  }
  expect((await send('GET', `${base}/board`, cookie)).status).toBe(200)
})

describe('the link', () => {
  test('is changed for a cookie, and the secret leaves the address', async () => {
    const { home, send } = await good()
    const token = home.access.token()
    const answer = await send('GET', `/?task=t_1&token=${token}&board=a%26b`, own)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('/?task=t_1&board=a%26b')
    const cookie = answer.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^hermes_kanban_9119=[0-9a-f]{64}; .*HttpOnly; SameSite=Strict/)
    expect(cookie).not.toContain(token)
    const [pair = ''] = cookie.split(';')
    expect((await send('GET', `${base}/stats`, { ...own, cookie: pair })).status).toBe(200)
  })

  test('leads on from this site where a page of another one led here', async () => {
    const { home, send } = await good()
    const navigation = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    const path = `/?token=${home.access.token()}&task=%22%3E%3Cscript%3E`
    const answer = await send('GET', path, { ...own, ...navigation })
    expect([answer.status, answer.headers.has('set-cookie')]).toEqual([200, true])
    const page = await answer.text()
    expect(page).toContain('http-equiv="refresh" content="0;url=/?task=%22%3E%3Cscript%3E"')
    expect(page).not.toContain(home.access.token())
    // The page itself shows nothing to who comes without a cookie, and how to come in.
    const stranger = await send('GET', '/', { ...own, ...navigation })
    expect(stranger.status).toBe(401)
    expect(await stranger.text()).toContain('<a href="/">')
  })

  test('is cleaned away where the cookie is there already, and is no good anywhere else', async () => {
    const { home, cookie, send } = await good()
    const cleaned = await send('GET', '/?token=old&task=t_1', cookie)
    expect([cleaned.status, cleaned.headers.get('location')]).toEqual([303, '/?task=t_1'])
    expect(cleaned.headers.has('set-cookie')).toBe(false)
    const posted = await send('POST', `/?token=${home.access.token()}`, own)
    expect(posted.status).toBe(401)
  })

  test('of one use is of one use', async () => {
    const { home, send } = await good()
    const { ticket, expires_in } = await home.post('/tickets', undefined, 'Ticket')
    expect(expires_in).toBe(ticketSeconds)
    expect((await send('GET', `/?ticket=${ticket}`, own)).status).toBe(303)
    expect((await send('GET', `/?ticket=${ticket}`, own)).status).toBe(401)
    expect((await send('GET', `${base}/board?ticket=${ticket}`, own)).status).toBe(401)
  })
})

test('a ticket is good for half a minute, and there are never too many', () => {
  let now = 0
  const tickets = createTickets(() => now)
  const late = tickets.issue()
  now += ticketSeconds * 1000
  expect(tickets.redeem(late)).toBe(false)
  const [first, ...others] = Array.from({ length: 1001 }, () => tickets.issue())
  expect(tickets.redeem(first ?? '')).toBe(false)
  expect(others.every((ticket) => tickets.redeem(ticket))).toBe(true)
})

test('the token is 128 random bits in a file of its owner, made once, another one for each home', async () => {
  const root = newRoot()
  const [one, other] = await Promise.all([installationToken(root), installationToken(root)])
  expect(one()).toMatch(/^[0-9a-f]{32}$/)
  expect(other()).toBe(one())
  expect((await installationToken(newRoot()))()).not.toBe(one())
  const folder = join(root, 'kanban', 'run')
  const [file = ''] = readdirSync(folder)
  expect(readdirSync(folder)).toHaveLength(1)
  expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
})

test('a rotation shuts out whoever came with the token before, at once', async () => {
  const { home, bearer, cookie, send } = await good()
  const old = home.access.token()
  await rotateToken(home.root)
  expect(home.access.token()).not.toBe(old)
  for (const headers of [bearer, cookie]) {
    expect((await send('GET', `${base}/stats`, headers)).status).toBe(401)
  }
  expect((await send('GET', `/?token=${old}`, own)).status).toBe(401)
  expect((await home.ask('GET', '/stats')).status).toBe(200)
})

test('a file without a token lets nobody in', async () => {
  const { home, send } = await good()
  const file = join(home.root, 'kanban', 'run', 'dashboard-token')
  expect(readFileSync(file, 'utf8').trim()).toBe(home.access.token())
  for (const text of ['', '\n', 'short']) {
    writeFileSync(file, text)
    const answer = await send('GET', `${base}/stats`, { ...own, authorization: `Bearer ${text}` })
    expect(answer.status).toBeGreaterThanOrEqual(401)
    expect(await answer.text()).not.toContain('by_status')
  }
})

test('names that were allowed are names of the dashboard, and no others', async () => {
  const hosts = ['board.example', '192.168.1.7', '[fd00::7]']
  const access = createAccess({ token: () => 'a'.repeat(32), port: 9119, hosts })
  const as = (name: string) => () =>
    access.checkOrigin({
      ...{ method: 'GET', host: name, origin: undefined, fetchSite: undefined },
      ...{ fetchMode: undefined, authorization: undefined, cookie: undefined },
    })
  for (const name of ['board.example', 'Board.Example:443', '192.168.1.7:9119', '[FD00::7]:9119']) {
    expect(as(name), name).not.toThrow()
  }
  for (const name of ['example', 'x.board.example', 'board.example.', '192.168.1.70', 'fd00::7']) {
    expect(as(name), name).toThrow(/not the name of the dashboard/)
  }
})

test('every answer forbids foreign script, frames, sniffing and referrers', async () => {
  const { bearer, send } = await good()
  for (const [method, path] of paths) {
    const { headers } = await send(method, path, bearer)
    expect(headers.get('content-security-policy'), path).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; .*base-uri 'none'.*frame-ancestors 'none'$/,
    )
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|https?:/)
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toMatch(/no-store|private/)
  }
})
