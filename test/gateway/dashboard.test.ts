import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { base } from '../../src/http/route.ts'
import { hermes, newRoot } from '../operations/home.ts'

const main = join(import.meta.dirname, '../../src/main.ts')

interface Running {
  readonly line: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>
  readonly said: () => string
}

/** The real program, going on. */
function start(root: string, argv: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [main, ...argv], {
    env: { HOME: root, HERMES_KANBAN_HOME: root, PATH: process.env.PATH, ...env },
  })
  let text = ''
  let wake = Promise.withResolvers<void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part) => {
      text += part
      wake.resolve()
      wake = Promise.withResolvers()
    })
  }
  const ended = once(child, 'close')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return {
    said: () => text,
    async line(pattern) {
      for (;;) {
        const found = pattern.exec(text)
        if (found !== null) return found
        const next = wake.promise
        const over = await Promise.race([next, ended])
        if (over !== undefined && !pattern.test(text)) throw new Error(`it ended: ${text}`)
      }
    },
    async end(signal) {
      child.kill(signal)
      const [code] = await ended
      return code
    },
  }
}

const link = /(http:\/\/[^/\s]+)\/\?token=([0-9a-f]{32})/

test('it serves the API at the link that it prints, and ends well on each signal', async () => {
  const root = newRoot()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    const dashboard = start(root, ['dashboard', '--no-open', '--port', '0'])
    const [, url = '', token = ''] = await dashboard.line(link)
    const authorization = `Bearer ${token}`
    const made = await fetch(`${url}${base}/tasks`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"title":"from the page"}',
    })
    expect(((await made.json()) as { task: object }).task).toMatchObject({
      created_by: 'dashboard',
    })
    expect((await fetch(`${url}${base}/board`)).status).toBe(401)
    expect(await dashboard.end(signal)).toBe(0)
    await expect(fetch(`${url}${base}/board`)).rejects.toThrow()
  }
  expect((await hermes(root, ['kanban', 'list'])).out.match(/from the page/g)).toHaveLength(3)
})

test('where it runs already its link is printed, and a new token voids the one before', async () => {
  const root = newRoot()
  const first = start(root, ['dashboard', '--no-open', '--port', '0'])
  const [, url = '', token = ''] = await first.line(link)
  const again = await hermes(root, ['dashboard', '--no-open'])
  expect(again).toMatchObject({ code: 0, err: '' })
  expect(again.out).toMatch(/^Process \d+ serves the dashboard of .* already: http/)
  expect(again.out).toContain(`${url}/?token=${token}`)
  const rotated = await hermes(root, ['dashboard', '--no-open', '--new-token'])
  const [, sameUrl, other = ''] = link.exec(rotated.out) ?? []
  expect(sameUrl).toBe(url)
  expect(other).not.toBe(token)
  const status = async (bearer: string) =>
    (await fetch(`${url}${base}/stats`, { headers: { authorization: `Bearer ${bearer}` } })).status
  expect(await status(token)).toBe(401)
  expect(await status(other)).toBe(200)
})

test('a port that is taken is told: the next one is used where none was named', async () => {
  const root = newRoot()
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  const named = await hermes(root, ['dashboard', '--no-open', '--port', String(port)])
  expect(named).toMatchObject({ code: 1, out: '' })
  expect(named.err).toMatch(new RegExp(`port ${port} is taken at 127.0.0.1: name another one`))
  // Somebody else on this machine may have it already, which will do as well.
  const usual = createServer()
  await new Promise<void>((resolve) => {
    usual.once('error', () => resolve()).listen(9119, '127.0.0.1', resolve)
  })
  onTestFinished(() => void usual.close())
  const next = start(root, ['dashboard', '--no-open'])
  const [, url = ''] = await next.line(link)
  expect(Number(new URL(url).port)).toBeGreaterThan(9119)
  expect(next.said()).toMatch(/^Port 9119 is taken: it is at \d+ this time$/m)
})

test('it is not opened to other machines without names, and says what that means with them', async () => {
  const root = newRoot()
  const closed = await hermes(root, ['dashboard', '--no-open', '--port', '0', '--host', '0.0.0.0'])
  expect(closed).toMatchObject({ code: 1, out: '' })
  expect(closed.err).toContain('dashboard.allowed_hosts')
  writeFileSync(
    join(root, 'config.yaml'),
    'dashboard:\n  theirs: 1\n  allowed_hosts: [board.example]\n',
  )
  const open = start(root, ['dashboard', '--no-open', '--port', '0', '--host', '0.0.0.0'])
  const [, url = '', token = ''] = await open.line(link)
  expect(url).toMatch(/^http:\/\/board\.example:\d+$/)
  expect(open.said()).toMatch(/other machines.*whoever has the link can change the board/)
  const { port } = new URL(url)
  const local = `http://127.0.0.1:${port}${base}/stats`
  const headers = { authorization: `Bearer ${token}` }
  expect((await fetch(local, { headers })).status).toBe(200)
})

test('the browser is given a link that opens once, for its arguments are seen by everybody', async () => {
  const root = newRoot()
  const opened = join(root, 'opened')
  writeFileSync(
    join(root, 'xdg-open'),
    `#!/bin/sh\necho "$1" > '${opened}.new'\nmv '${opened}.new' '${opened}'\n`,
    {
      mode: 0o755,
    },
  )
  const env = { DISPLAY: ':9', PATH: `${root}:${process.env.PATH}` }
  const dashboard = start(root, ['dashboard', '--port', '0'], env)
  const [, url = '', token = ''] = await dashboard.line(link)
  for (const program of ['dashboard', 'again']) {
    if (program === 'again') await hermes(root, ['dashboard'], { env })
    const given = await written(opened, (text) => text.trim())
    rmSync(opened)
    expect(given).not.toContain(token)
    expect(given.startsWith(`${url}/?ticket=`)).toBe(true)
    expect((await fetch(given, { redirect: 'manual' })).status).toBe(303)
    expect((await fetch(given, { redirect: 'manual' })).status).toBe(401)
  }
})

test('a word that it does not know is a usage error, and help is help', async () => {
  const root = newRoot()
  expect((await hermes(root, ['dashboard', '--prot', '1'])).code).toBe(2)
  expect((await hermes(root, ['dashboard', '--port', 'http'])).err).toContain('must be a number')
  const help = await hermes(root, ['dashboard', '--help'])
  expect(help).toMatchObject({ code: 0, err: '' })
  expect(help.out).toContain('--new-token')
})

test('the gateway serves it where it is asked to, says where, and keeps the token out of its log', async () => {
  const root = newRoot()
  mkdirSync(root, { recursive: true })
  writeFileSync(join(root, 'config.yaml'), 'kanban:\n  dashboard: true\n')
  const gateway = start(root, ['gateway', 'run'])
  await gateway.line(/dispatching/)
  const state = join(root, 'kanban', 'run', 'gateway.json')
  const url = await written(state, (text) => {
    const { parts } = JSON.parse(text)
    return parts.dashboard?.state === 'on' ? (parts.dashboard.says as string) : undefined
  })
  const status = await hermes(root, ['gateway', 'status'])
  expect(status.out).toContain(`dashboard   on: ${url}`)
  const opened = await hermes(root, ['dashboard', '--no-open'])
  expect(opened.out).toMatch(/^The gateway serves the dashboard/)
  const [, , token = ''] = link.exec(opened.out) ?? []
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${url}${base}/situation`, { headers })
  expect(await answer.json()).toMatchObject({
    dispatcher: { alive: true },
    gateway: { parts: { dispatcher: { state: 'on' }, dashboard: { state: 'on', says: url } } },
  })
  expect(gateway.said()).not.toContain(token)
  expect(statSync(join(root, 'kanban', 'run', 'dashboard-token')).mode & 0o777).toBe(0o600)
  expect(await gateway.end('SIGTERM')).toBe(0)
  await expect(fetch(url)).rejects.toThrow()
})

/** What `look` finds in a file, as soon as what it looks for is written. */
async function written<T>(file: string, look: (text: string) => T | undefined): Promise<T> {
  const watcher = watch(dirname(file))
  try {
    for (;;) {
      const changed = once(watcher, 'change')
      const found = existsSync(file) ? look(readFileSync(file, 'utf8')) : undefined
      if (found !== undefined) return found
      await changed
    }
  } finally {
    watcher.close()
  }
}
