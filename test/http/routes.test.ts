import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { AnswerName } from '../../src/http/answers.ts'
import { routes } from '../../src/http/routes.ts'
import { addProfile, forEachDatabase, newHome } from './home.ts'

/** One request that is done for each route, in an order in which they can be; `ID` is a task, `CHILD` waits for it. */
const requests: readonly (readonly [string, string, unknown?])[] = [
  ['GET /board', '/board?tenant=acme&include_archived=1&since=0&identity=x'],
  ['GET /situation', '/situation'],
  ['GET /search', '/search?q=work'],
  ['GET /stats', '/stats'],
  ['GET /assignees', '/assignees'],
  ['GET /config', '/config'],
  ['GET /links', '/links?task_id=ID'],
  ['DELETE /links', '/links?parent_id=ID&child_id=CHILD'],
  ['POST /links', '/links', { parent_id: 'ID', child_id: 'CHILD' }],
  ['POST /dispatch', '/dispatch?dry_run=true&max=3'],
  ['POST /tasks', '/tasks', { title: 'new', parents: ['ID'], tenant: 'acme' }],
  ['POST /tasks/bulk', '/tasks/bulk', { ids: ['ID'], priority: 3 }],
  ['GET /tasks/{task_id}', '/tasks/ID?events=5'],
  ['PATCH /tasks/{task_id}', '/tasks/ID', { title: 'better' }],
  ['POST /tasks/{task_id}/comments', '/tasks/ID/comments', { body: 'hello' }],
  ['POST /tasks/{task_id}/reassign', '/tasks/ID/reassign', { profile: 'ana' }],
  ['POST /tasks/{task_id}/reclaim', '/tasks/RUNNING/reclaim', { reason: 'why' }],
  ['POST /tasks/{task_id}/promote', '/tasks/PARKED/promote'],
  ['GET /tasks/{task_id}/log', '/tasks/ID/log?tail=2000000'],
  ['GET /boards', '/boards'],
  ['POST /boards', '/boards', { slug: 'second', name: 'The second' }],
  ['PATCH /boards/{slug}', '/boards/second', { description: 'spare', color: '#abc' }],
  ['POST /boards/{slug}/switch', '/boards/second/switch'],
  ['DELETE /boards/{slug}', '/boards/second'],
  ['POST /notify', '/notify', { task_id: 'ID', platform: 'Slack', chat_id: 'C1', user_id: 'u' }],
  ['GET /notify', '/notify?task_id=ID'],
  ['DELETE /notify', '/notify?task_id=ID&platform=slack&chat_id=C1'],
]

const nameOf = ({ method, path }: { method: string; path: string }) =>
  `${method.toUpperCase()} ${path}`

test('every route has a request here, but for the stream, which has tests of its own', () => {
  const here = new Set(requests.map(([name]) => name))
  const all = routes.filter(({ live }) => !live).map(nameOf)
  expect(here).toEqual(new Set(all))
})

forEachDatabase((open) => {
  test('every route does what it is for, and answers as its document says', async () => {
    const home = await open()
    const id = await home.create()
    const child = await home.create({ parents: [id] })
    const parked = await home.create({ triage: true })
    const running = await home.create()
    const { store } = await home.board()
    const { claim } = await import('../../src/board/claim.ts')
    const { dispatched } = await import('../board/support.ts')
    await store.write((tx) => claim(tx, running, dispatched()))
    const names = { ID: id, CHILD: child, PARKED: parked, RUNNING: running }
    const fill = (text: string): string =>
      text.replace(/\b(?:ID|CHILD|PARKED|RUNNING)\b/g, (name) => names[name as keyof typeof names])
    const { answers } = await import('../../src/http/answers.ts')
    for (const [name, path, body] of requests) {
      const route = routes.find((one) => nameOf(one) === name)
      const answer = await home.ask(
        ...[name.split(' ')[0] ?? '', fill(path)],
        body === undefined ? undefined : JSON.parse(fill(JSON.stringify(body))),
      )
      expect(answer, name).toMatchObject({ status: 200 })
      const schema = answers[route?.answer as AnswerName]
      expect(schema.parse(answer.body), name).toEqual(answer.body)
    }
    expect(home.said).toEqual([])
  })
})

test('numbers and names of the board are as the command line has them', async () => {
  const home = await newHome()
  addProfile(home.root, 'writer')
  await home.create({ assignee: 'writer' })
  await home.create({ assignee: 'lane' })
  const stats = await home.get('/stats', 'Stats')
  expect(stats).toMatchObject({
    by_status: { ready: 2, done: 0 },
    by_assignee: { writer: { ready: 1 }, lane: { ready: 1 } },
    oldest_ready_age_seconds: expect.any(Number),
  })
  expect((await home.get('/assignees', 'Assignees')).assignees).toEqual([
    { name: 'default', on_disk: true, counts: {} },
    { name: 'writer', on_disk: true, counts: { ready: 1 } },
    { name: 'lane', on_disk: false, counts: { ready: 1 } },
  ])
})

test('the page begins as config.yaml says, as far as it says anything', async () => {
  const home = await newHome()
  const usual = {
    ...{ default_tenant: '', lane_by_profile: true, include_archived_by_default: false },
    render_markdown: true,
  }
  expect(await home.get('/config', 'PageConfig')).toEqual(usual)
  const file = join(home.root, 'config.yaml')
  writeFileSync(
    file,
    'dashboard:\n  theme: dark\n  kanban:\n    default_tenant: acme\n    render_markdown: false\n    columns: 3\n',
  )
  expect(await home.get('/config', 'PageConfig')).toEqual({
    ...{ ...usual, default_tenant: 'acme', render_markdown: false },
  })
  writeFileSync(file, 'dashboard:\n  kanban:\n    lane_by_profile: maybe\n')
  const { status, body } = await home.ask('GET', '/config')
  expect([status, body.code]).toEqual([500, 'config'])
  expect(body.detail).toContain('dashboard.kanban.lane_by_profile must be true or false')
  writeFileSync(file, 'dashboard:\n')
  expect(await home.get('/config', 'PageConfig')).toEqual(usual)
})

test('boards are made, described, made the current one and put away', async () => {
  const home = await newHome()
  const made = { slug: ' Site ', name: 'The site', icon: '◆', default_workdir: '/src/site' }
  const { board } = await home.post('/boards', made, 'BoardAnswer')
  expect(board).toMatchObject({ slug: 'site', name: 'The site', default_workdir: '/src/site' })
  const described = await home.ask('PATCH', '/boards/site', { name: 'Site', default_workdir: null })
  expect(described.body.board).toMatchObject({ name: 'Site', icon: '◆', default_workdir: null })
  const there = await home.post('/tasks?board=site', { title: 'over there' }, 'Created')
  expect((await home.ask('GET', `/tasks/${there.task.id}`)).status).toBe(404)
  expect(await home.post('/boards/site/switch', undefined, 'Switched')).toEqual({
    ...{ current: 'site', pinned_by: null },
  })
  expect((await home.get(`/tasks/${there.task.id}`, 'Shown')).board).toBe('site')
  const { boards, current } = await home.get('/boards', 'Boards')
  expect(current).toBe('site')
  expect(boards.map(({ slug }: { slug: string }) => slug)).toEqual(['default', 'site'])
  const removed = await home.ask('DELETE', '/boards/site')
  expect(existsSync(removed.body.kept_at)).toBe(true)
  expect((await home.ask('GET', `/tasks/${there.task.id}`)).status).toBe(404)
  expect((await home.get('/board', 'Board')).board).toBe('default')
  // One of the same name is another board.
  await home.post('/boards', { slug: 'site' }, 'BoardAnswer')
  expect((await home.get('/stats?board=site', 'Stats')).by_status.ready).toBe(0)
  const gone = await home.ask('DELETE', '/boards/site?delete=true')
  expect(gone.body).toEqual({ slug: 'site', kept_at: null })
})

test('a pass by hand says what it would do, and on what it waits', async () => {
  const home = await newHome()
  addProfile(home.root, 'writer')
  const id = await home.create({ assignee: 'writer' })
  const nobodys = await home.create()
  const report = await home.post('/dispatch?dry_run=true', undefined, 'Report')
  expect(report.spawned).toMatchObject([{ task_id: id, assignee: 'writer' }])
  expect(report.skipped_unassigned).toEqual([nobodys])
  expect((await home.get(`/tasks/${id}`, 'Shown')).task.status).toBe('ready')
  expect((await home.post('/dispatch?dry_run=1&max=0', undefined, 'Report')).spawned).toEqual([])
})

test('a board that cannot be opened is said where it is asked for, and stops no other', async () => {
  const home = await newHome()
  const folder = join(home.root, 'kanban', 'boards', 'broken')
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'kanban.db'),
    'this is no database, and long enough to be none'.repeat(40),
  )
  const { status, body } = await home.ask('GET', '/board?board=broken')
  expect([status, body.code]).toEqual([500, 'board_corrupt'])
  expect((await home.get('/board', 'Board')).board).toBe('default')
  const { boards } = await home.get('/boards', 'Boards')
  expect(boards.find(({ slug }: { slug: string }) => slug === 'broken').by_status).toBeNull()
})

test('no answer holds the secret of a claim', async () => {
  const home = await newHome()
  const id = await home.create()
  const { store } = await home.board()
  const { claim } = await import('../../src/board/claim.ts')
  const { dispatched, token } = await import('../board/support.ts')
  const how = dispatched()
  await store.write((tx) => claim(tx, id, how))
  const secret = how.lock.split(':').at(-1) ?? ''
  expect(secret).toHaveLength(token(1).length)
  for (const path of ['/board', `/tasks/${id}`, '/situation']) {
    const said = JSON.stringify(await home.get(path))
    expect(said, path).not.toContain(secret)
  }
  expect((await home.get('/board')).columns[3].tasks[0].claim_lock).toBe('here+1:42')
})

test('no answer holds what the settings and the profiles are given to keep', async () => {
  const home = await newHome()
  const hidden = 'kept-for-us-alone'
  writeFileSync(
    join(home.root, '.env'),
    `TELEGRAM_BOT_TOKEN=1:${hidden}\nHOOK=${hidden}\nBOX_KEY=${hidden}\n`,
    { mode: 0o600 },
  )
  writeFileSync(
    join(home.root, 'config.yaml'),
    [
      'gateway:',
      `  webhooks: {w: {url: "http://127.0.0.1:9/${hidden}", secret_env: HOOK}}`,
      'kanban:',
      `  providers: {box: {base_url: "http://127.0.0.1:9/v1", key: BOX_KEY}}`,
    ].join('\n'),
  )
  addProfile(home.root, 'writer', `  env: {SERVICE: ${hidden}, MODEL: "\${BOX_KEY}"}\n`)
  const id = await home.create({ assignee: 'writer' })
  for (const [name, path] of requests.filter(([one]) => one.startsWith('GET '))) {
    const { status, body } = await home.ask('GET', path.replace(/ID/, id))
    expect(status, name).toBe(200)
    expect(JSON.stringify(body), name).not.toContain(hidden)
  }
})
