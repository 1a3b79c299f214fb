import { once } from 'node:events'
import { expect, test } from 'vitest'
import { comment } from '../../src/board/comment.ts'
import { eventsAfter, latestEventId } from '../../src/board/history.ts'
import { rotateToken } from '../../src/http/access/token.ts'
import { base } from '../../src/http/route.ts'
import { sql } from '../../src/store/sql.ts'
import type { Tx } from '../../src/store/store.ts'
import { make } from '../board/support.ts'
import { type Served, serve } from './served.ts'

async function task(served: Served): Promise<string> {
  return served.board.store.write((tx) => make(tx))
}

async function say(served: Served, id: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await served.board.store.write((tx) => comment(tx, id, 'user', `${n}`))
  }
}

function all(served: Served) {
  return served.board.store.read((reader) => eventsAfter(reader, 0, 100_000))
}

test('whatever anybody does is told as it happens, in order and once', async () => {
  const served = await serve()
  const id = await task(served)
  const client = served.listen('?since=1')
  await once(client.socket, 'open')
  await say(served, id, 20)
  await client.until(20)
  await say(served, id, 20)
  const events = await client.until(40)
  expect(events).toEqual((await all(served)).slice(1))
  for (const { events: some, cursor } of client.messages) expect(cursor).toBe(some.at(-1)?.id)
})

test('who was away reads on after the cursor, at most 200 events a message, none left out or doubled', async () => {
  const served = await serve()
  const id = await task(served)
  await served.board.store.write((tx) => flood(tx, id, 950, 'x'))
  const first = served.listen('?since=300')
  const before = await first.until(651)
  expect(first.messages.map(({ events }) => events.length)).toEqual([200, 200, 200, 51])
  first.socket.terminate()
  await say(served, id, 5)
  const second = served.listen(`?since=${first.messages.at(-1)?.cursor}`)
  const after = await second.until(5)
  await say(served, id, 1)
  await second.until(6)
  expect([...before, ...after, ...second.events().slice(5)]).toEqual((await all(served)).slice(300))
})

test('without a number to begin after, everything that is kept is told', async () => {
  const served = await serve()
  await say(served, await task(served), 2)
  for (const query of ['', '?since=', '?since=soon', '?since=-5', '?since=1.5', '?since=NaN']) {
    const events = await served.listen(query).until(3)
    expect(
      events.map(({ id }) => id),
      query,
    ).toEqual([1, 2, 3])
  }
})

test('a cursor of another file does not keep what happens from being told', async () => {
  const served = await serve()
  const id = await task(served)
  const client = served.listen('?since=100000')
  await once(client.socket, 'open')
  // The server looks where the board is before it listens: an answer after that shows that it has.
  await (await served.fetch(`${base}/board`)).text()
  await say(served, id, 3)
  const events = await client.until(1)
  expect(events.at(-1)?.kind).toBe('commented')
})

test('many windows are told the same, while everything goes on', async () => {
  const served = await serve()
  const id = await task(served)
  const clients = Array.from({ length: 40 }, () => served.listen())
  const writing = say(served, id, 60)
  const late = Array.from({ length: 10 }, () => served.listen())
  await writing
  const expected = await all(served)
  for (const client of [...clients, ...late]) expect(await client.until(61)).toEqual(expected)
})

test('who does not read is cut off, keeps no memory, and loses nothing', async () => {
  const served = await serve()
  const id = await task(served)
  const slow = served.listen('?since=1')
  const quick = served.listen('?since=1')
  await Promise.all([once(slow.socket, 'open'), once(quick.socket, 'open')])
  await say(served, id, 1)
  await Promise.all([slow.until(1), quick.until(1)])
  slow.socket.pause()
  const rounds = 40
  for (let round = 0; round < rounds; round += 1) {
    await served.board.store.write((tx) => flood(tx, id, 20, 'x'.repeat(40_000)))
    await quick.until(1 + 20 * (round + 1))
  }
  slow.socket.resume()
  expect(await slow.closed).toBe(1013)
  const seen = slow.events()
  expect(seen.length).toBeLessThan(1 + 20 * rounds)
  const resumed = served.listen(`?since=${slow.messages.at(-1)?.cursor}`)
  const rest = await resumed.until(1 + 20 * rounds - seen.length)
  expect([...seen, ...rest].map((event) => event.id)).toEqual(quick.events().map(({ id: n }) => n))
})

async function flood(tx: Tx, id: string, count: number, text: string): Promise<void> {
  const payload = JSON.stringify({ note: text })
  for (let n = 0; n < count; n += 1) {
    await tx.run(sql`insert into task_events (task_id, kind, payload, created_at)
      values (${id}, 'heartbeat', ${payload}, ${tx.now})`)
  }
}

test('who may not know is told nothing but that', async () => {
  const served = await serve()
  await task(served)
  const bearer = { authorization: `Bearer ${served.token()}` }
  const refused: readonly [string, Record<string, string>][] = [
    ['', {}],
    ['?token=wrong', {}],
    ['?token=', bearer],
    ['?ticket=wrong', bearer],
    ['', { authorization: 'Bearer wrong' }],
    ['', { cookie: `hermes_kanban_${served.dashboard.port}=wrong` }],
    ['', { ...bearer, origin: 'https://evil.example' }],
    ['', { ...bearer, origin: 'http://127.0.0.1:1' }],
    ['', { ...bearer, origin: 'null' }],
    ['', { ...bearer, host: 'evil.example' }],
    [`?token=${served.token()}`, { host: 'evil.example' }],
    [`?token=${served.token()}`, { origin: 'https://evil.example' }],
  ]
  for (const [query, headers] of refused) {
    const client = served.listen(query, { headers })
    expect(await client.closed, `${query} ${JSON.stringify(headers)}`).toBe(1008)
    expect(client.messages).toEqual([])
  }
})

test('the page comes in by its cookie, a script by its token, anything else by a ticket, once', async () => {
  const served = await serve()
  await task(served)
  const { url } = served.dashboard
  const exchange = await fetch(served.dashboard.link(), { redirect: 'manual' })
  const [cookie = ''] = (exchange.headers.get('set-cookie') ?? '').split(';')
  const { ticket } = (await (await served.fetch(`${base}/tickets`, { method: 'POST' })).json()) as {
    ticket: string
  }
  await served.listen('', { headers: { cookie, origin: url } }).until(1)
  await served.listen(`?token=${served.token()}`, {}).until(1)
  await served.listen(`?ticket=${ticket}`, {}).until(1)
  expect(await served.listen(`?ticket=${ticket}`, {}).closed).toBe(1008)
})

test('a rotation of the token cuts off whoever came in with the one before', async () => {
  const served = await serve()
  await task(served)
  const client = served.listen()
  await client.until(1)
  await rotateToken(served.root)
  expect(await client.closed).toBe(1008)
})

test('a board that does not exist, or is no name, is said and told nothing of', async () => {
  const served = await serve()
  for (const board of ['nowhere', '..%2fescape', '']) {
    if (board === '') continue
    expect(await served.listen(`?board=${board}`).closed, board).toBe(4404)
  }
})

test('two boards are told apart', async () => {
  const served = await serve()
  const made = await served.fetch(`${base}/boards`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"slug":"other"}',
  })
  expect(made.status).toBe(200)
  const other = served.listen('?board=other')
  const own = served.listen('?board=default')
  await task(served)
  await served.fetch(`${base}/tasks?board=other`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"title":"elsewhere"}',
  })
  expect(await other.until(1)).toHaveLength(1)
  expect(await own.until(1)).toHaveLength(1)
  expect(other.events()[0]?.task_id).not.toBe(own.events()[0]?.task_id)
})

test('at its end a server says goodbye, so that whoever listens comes back', async () => {
  const served = await serve()
  await task(served)
  const client = served.listen()
  await client.until(1)
  await served.dashboard.close()
  expect(await client.closed).toBe(1001)
})

test('what a client sends is not listened to, and an upgrade elsewhere is refused', async () => {
  const served = await serve()
  const id = await task(served)
  const client = served.listen()
  await client.until(1)
  client.socket.send('{"since": 0}')
  await say(served, id, 1)
  await client.until(2)
  client.socket.send('x'.repeat(10_000))
  expect(await client.closed).toBe(1009)
  expect(await served.board.store.read(latestEventId)).toBe(2)
  const elsewhere = served.listen('/../stats')
  expect(await elsewhere.closed).toBe(1006)
})

test('paths that no browser would send lead nowhere', async () => {
  const served = await serve()
  for (const path of ['/../../package.json', '/assets/../../../package.json', '//etc/passwd']) {
    const answer = await served.raw(path)
    expect(answer, path).toMatch(/^HTTP\/1\.1 (?:404|400|401|403) /)
    expect(answer, path).not.toContain('"dependencies"')
  }
})
