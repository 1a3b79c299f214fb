import { expect, test } from 'vitest'
import { answers } from '../../src/http/answers.ts'
import { refusalOf } from '../../src/http/refusal.ts'
import { routes } from '../../src/http/routes.ts'
import { silent } from '../../src/lib/log.ts'
import { everything } from '../board/support.ts'
import { type Home, newHome } from './home.ts'

type Case = readonly [method: string, path: string, body: unknown, status: number, says: RegExp]

/** `ID`, `OTHER` (a child of it) and `DONE` are tasks that are there. */
const cases: readonly Case[] = [
  // 422: a wrong type, shape or range; the field is named.
  ['POST', '/tasks', {}, 422, /title is missing/],
  ['POST', '/tasks', { title: 7 }, 422, /title/],
  ['POST', '/tasks', { title: 'a', titel: 'b' }, 422, /unknown field titel/],
  ['POST', '/tasks', { titel: 'b', priority: 'high' }, 422, /titel.*title.*priority/],
  ['POST', '/tasks', { title: 'a', workspace_kind: 'cloud' }, 422, /workspace_kind/],
  ['POST', '/tasks', { title: 'a', workspace_kind: 'dir' }, 422, /workspace_path/],
  ['POST', '/tasks', { title: 'a', max_runtime_seconds: 0 }, 422, /max_runtime_seconds/],
  ['POST', '/tasks', { title: 'a', max_retries: 0 }, 422, /max_retries/],
  ['POST', '/tasks', { title: 'a', skills: ['a,b'] }, 422, /skills/],
  ['POST', '/tasks', { title: 'a', created_by: 'me' }, 422, /unknown field created_by/],
  ['POST', '/tasks', '["title"]', 422, /JSON object/],
  ['POST', '/tasks', '{"title"', 422, /no JSON/],
  ['PATCH', '/tasks/ID', { priority: 1.5 }, 422, /priority/],
  ['PATCH', '/tasks/ID', { priority: 1e300 }, 422, /priority/],
  ['PATCH', '/tasks/ID', { metadata: [1] }, 422, /metadata/],
  ['PATCH', '/tasks/ID', { task_id: 'OTHER', title: 'x' }, 422, /unknown field task_id/],
  ['POST', '/tasks/bulk', {}, 422, /ids/],
  ['POST', '/tasks/bulk', { ids: 'ID', status: 'done' }, 422, /ids/],
  ['POST', '/tasks/ID/comments', {}, 422, /body is missing/],
  ['POST', '/tasks/ID/comments', { body: 'a', author: 'boss' }, 422, /unknown field author/],
  ['POST', '/tasks/ID/reassign', {}, 422, /assignee/],
  ['POST', '/tasks/ID/promote', { status: 'done' }, 422, /unknown field status/],
  ['POST', '/links', { parent_id: 'ID' }, 422, /child_id/],
  ['GET', '/tasks/ID/log?tail=0', undefined, 422, /tail/],
  ['GET', '/tasks/ID/log?tail=2000001', undefined, 422, /tail/],
  ['GET', '/tasks/ID/log?tail=lots', undefined, 422, /tail/],
  ['GET', '/tasks/ID?events=-1', undefined, 422, /events/],
  ['GET', '/board?since=now', undefined, 422, /since/],
  ['GET', '/board?since=-1', undefined, 422, /since/],
  ['GET', '/board?include_archived=perhaps', undefined, 422, /include_archived/],
  ['GET', '/board?tenent=a', undefined, 422, /unknown field tenent/],
  ['GET', '/board?tenant=a&tenant=b', undefined, 422, /tenant is given 2 times/],
  ['GET', '/board?known=x', undefined, 422, /unknown field known/],
  ['GET', '/board?board=../../etc', undefined, 422, /no name for a board/],
  ['GET', '/search', undefined, 422, /q is missing/],
  ['POST', '/dispatch?max=-1', undefined, 422, /max/],
  ['POST', '/boards', { name: 'x' }, 422, /slug/],
  ['POST', '/boards', { slug: '../x' }, 422, /no name for a board/],
  ['POST', '/boards', { slug: 'x', default_workdir: 'relative' }, 422, /default_workdir/],
  ['PATCH', '/boards/default', { archived: true }, 422, /unknown field archived/],
  ['POST', '/notify', { task_id: 'ID' }, 422, /platform/],
  // 400: well formed, but it means nothing.
  ['POST', '/tasks', { title: ' \n' }, 400, /title must not be blank/],
  ['POST', '/tasks', { title: 'a', parents: ['t_nobody', 't_noone'] }, 400, /t_nobody.*t_noone/],
  ['PATCH', '/tasks/ID', { title: '' }, 400, /title must not be blank/],
  ['PATCH', '/tasks/ID', { status: 'finished' }, 400, /"finished" is no status: use one of triage/],
  ['PATCH', '/tasks/ID', {}, 400, /nothing to change/],
  ['PATCH', '/tasks/ID', { block_reason: 'why' }, 400, /goes with status blocked/],
  ['POST', '/tasks/bulk', { ids: [], status: 'done' }, 400, /no ids/],
  ['POST', '/tasks/bulk', { ids: ['ID'] }, 400, /nothing to change/],
  ['POST', '/tasks/ID/comments', { body: '  ' }, 400, /body must not be blank/],
  ['POST', '/links', { parent_id: 'ID', child_id: 'ID' }, 400, /cannot wait for itself/],
  ['POST', '/links', { parent_id: 'OTHER', child_id: 'ID' }, 400, /would close a circle/],
  ['POST', '/links', { parent_id: 't_nobody', child_id: 'ID' }, 400, /t_nobody/],
  ['GET', '/search?q=%20', undefined, 400, /q must not be blank/],
  // 403
  ['DELETE', '/boards/default', undefined, 403, /cannot be removed/],
  // 404
  ['GET', '/tasks/t_nowhere', undefined, 404, /there is no task t_nowhere/],
  ['GET', '/tasks/..%2f..%2fetc%2fpasswd', undefined, 404, /there is no task/],
  ['GET', '/tasks/..%2f..%2fkanban/log', undefined, 404, /there is no task/],
  ['GET', '/tasks/%2e%2e%2f%2e%2e%2fkanban/log/stream', undefined, 404, /there is no task/],
  ['PATCH', '/tasks/t_nowhere', { title: 'x' }, 404, /there is no task/],
  ['POST', '/tasks/t_nowhere/comments', { body: 'x' }, 404, /there is no task/],
  ['POST', '/tasks/t_nowhere/reclaim', {}, 404, /there is no task/],
  ['POST', '/tasks/t_nowhere/reassign', { profile: 'a' }, 404, /there is no task/],
  ['POST', '/tasks/t_nowhere/promote', {}, 404, /there is no task/],
  ['GET', '/tasks/t_nowhere/log', undefined, 404, /there is no task/],
  ['GET', '/links?task_id=t_nowhere', undefined, 404, /there is no task/],
  ['POST', '/links', { parent_id: 'ID', child_id: 't_nowhere' }, 404, /there is no task/],
  ['DELETE', '/links?parent_id=OTHER&child_id=ID', undefined, 404, /no such link/],
  ['GET', '/board?board=nowhere', undefined, 404, /there is no board nowhere/],
  ['PATCH', '/boards/nowhere', { name: 'x' }, 404, /there is no board nowhere/],
  ['DELETE', '/boards/nowhere', undefined, 404, /there is no board nowhere/],
  ['POST', '/boards/nowhere/switch', undefined, 404, /there is no board nowhere/],
  ['POST', '/notify', { task_id: 't_nowhere', platform: 'slack', chat_id: '1' }, 404, /no task/],
  ['DELETE', '/notify?task_id=ID&platform=slack&chat_id=1', undefined, 404, /is not told/],
  ['GET', '/nothing', undefined, 404, /there is nothing at/],
  ['POST', '/nothing/at/all', {}, 404, /there is nothing at/],
  ['GET', '/api/nothing', undefined, 404, /there is nothing at/],
  // 405
  ['PUT', '/board', {}, 405, /PUT is not done here: use GET, HEAD/],
  ['DELETE', '/tasks/ID', undefined, 405, /use GET, HEAD, PATCH/],
  ['GET', '/tasks/bulk/', undefined, 404, /there is nothing at/],
  // 409: the right request at the wrong moment, with the status as it is.
  ['PATCH', '/tasks/DONE', { status: 'blocked' }, 409, /it is done, not running or ready/],
  ['PATCH', '/tasks/ID', { status: 'running' }, 409, /cannot be moved to running/],
  ['PATCH', '/tasks/OTHER', { status: 'ready' }, 409, /OTHER waits for ID \(ready\)/],
  ['PATCH', '/tasks/ID', { result: 'so' }, 409, /it is ready, not done/],
  ['POST', '/tasks/ID/reclaim', {}, 409, /it is ready/],
  ['POST', '/tasks/OTHER/promote', {}, 409, /OTHER waits for ID/],
  ['POST', '/boards', { slug: 'default' }, 409, /there is a board default already/],
]

test('every refusal has its status, a code and one sentence, and changes nothing', async () => {
  const { home, fill } = await seeded()
  const { store } = await home.board()
  const before = await store.read(everything)
  for (const [method, path, body, status, says] of cases) {
    const what = `${method} ${path} ${JSON.stringify(body)}`
    const answer = await home.ask(method, fill(path), body && JSON.parse(fill(asText(body))))
    expect(answer, what).toMatchObject({ status })
    expect(answers.Refusal.parse(answer.body), what).toEqual(answer.body)
    expect(answer.body.detail, what).toMatch(new RegExp(fill(says.source)))
    expect(answer.body.detail, what).not.toMatch(/\n|\bat .*\.ts:/)
    expect(answer.headers.get('content-type'), what).toBe('application/json')
  }
  expect(await store.read(everything)).toEqual(before)
  expect(home.said).toEqual([])
})

async function seeded() {
  const home = await newHome()
  const id = await home.create()
  const other = await home.create({ parents: [id] })
  const done = await home.create()
  await home.patch(done, { status: 'done' })
  const names = { ID: id, OTHER: other, DONE: done }
  const fill = (text: string): string =>
    text.replace(/\b(?:ID|OTHER|DONE)\b/g, (name) => names[name as keyof typeof names])
  return { home, fill }
}

/** A text is sent as it is. */
function asText(body: unknown): string {
  return JSON.stringify(body)
}

test('facts stand behind a sentence: the status, the parents, the faults', async () => {
  const { home, fill } = await seeded()
  const facts = async (method: string, path: string, body?: unknown) =>
    (await home.ask(method, fill(path), body)).body.facts
  expect(await facts('PATCH', '/tasks/DONE', { status: 'blocked' })).toMatchObject({
    status: 'done',
  })
  expect(await facts('PATCH', '/tasks/OTHER', { status: 'ready' })).toMatchObject({
    parents: [fill('ID')],
  })
  expect(await facts('POST', '/tasks', { priority: 'x' })).toMatchObject({
    faults: [expect.stringMatching(/^title/), expect.stringMatching(/^priority/)],
  })
})

test('a body has at most 1 MiB, said at the beginning or found out on the way', async () => {
  const home = await newHome()
  const long = JSON.stringify({ title: 'a', body: 'x'.repeat(1024 * 1024) })
  const { status, body } = await home.ask('POST', '/tasks', long)
  expect([status, body.code]).toEqual([413, 'too_large'])
  const streamed = await home.app.request(`http://127.0.0.1:9119/api/plugins/kanban/tasks`, {
    method: 'POST',
    headers: {
      ...{ host: '127.0.0.1:9119', authorization: `Bearer ${home.access.token()}` },
      ...{ 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
    },
    body: new Blob([long]).stream(),
    duplex: 'half',
  } as RequestInit)
  expect(streamed.status).toBe(413)
  const short = JSON.stringify({ title: 'a', body: 'x'.repeat(1024 * 1024 - 100) })
  expect((await home.ask('POST', '/tasks', short)).status).toBe(200)
})

test('a body that does not say that it is JSON is not read, so that no form can send one', async () => {
  const home = await newHome()
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const sent = await home.ask('POST', '/tasks', '{"title":"a"}', { 'content-type': type })
    expect([sent.status, sent.body.code]).toEqual([422, 'invalid'])
  }
  const sent = await home.ask('POST', '/tasks', '{"title":"a"}', {
    'content-type': 'application/json; charset=utf-8',
  })
  expect(sent.status).toBe(200)
})

test('HEAD says what GET would, OPTIONS what can be done, and neither does anything', async () => {
  const { home, fill } = await seeded()
  const head = await home.ask('HEAD', '/board')
  expect([head.status, head.body, head.headers.get('etag')]).toEqual([
    ...[200, ''],
    (await home.ask('GET', '/board')).headers.get('etag'),
  ])
  const options = await home.ask('OPTIONS', fill('/tasks/ID'))
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, PATCH'])
  expect(options.headers.get('access-control-allow-origin')).toBeNull()
  expect((await home.ask('OPTIONS', '/nothing')).status).toBe(404)
})

test('what nobody expected is told to the log and not to whoever asked', async () => {
  const home = await newHome()
  const broken: Home['serving']['boards'] = home.serving.boards
  const open = broken.open
  Object.assign(broken, { open: () => Promise.reject(new Error('secret of the house')) })
  const { status, body } = await home.ask('GET', '/stats')
  Object.assign(broken, { open })
  expect([status, body.code]).toEqual([500, 'unexpected'])
  expect(JSON.stringify(body)).not.toContain('secret')
  expect(home.said.join('')).toContain('secret of the house')
})

test('no route takes a field that would say who acts', () => {
  const named = routes.flatMap(({ query = [], body = [] }) =>
    [query, body].flatMap((names) => (Array.isArray(names) ? names : Object.values(names))),
  )
  expect(named.filter((name) => /author|actor|created_by/.test(name))).toEqual([])
})

test('what an upgrade has taken away is named, and is nothing to report', async () => {
  const gone = await import('./gone.ts' as string).catch((error: unknown) => error)
  const answer = refusalOf(gone, silent)
  expect(answer.status).toBe(500)
  expect(await answer.json()).toMatchObject({
    code: 'environment',
    detail: expect.stringMatching(/^a part of this program is missing \(\S+gone\.ts\)/),
  })
})
