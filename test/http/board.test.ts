import { describe, expect, onTestFinished, test } from 'vitest'
import { deleteOldEvents } from '../../src/board/retention.ts'
import { writeHolder } from '../../src/dispatcher/holder.ts'
import { takeLock } from '../../src/dispatcher/lock.ts'
import { sql } from '../../src/store/sql.ts'
import { stoppedClock } from '../board/support.ts'
import { addProfile, forEachDatabase, type Home, newHome } from './home.ts'

interface Card {
  readonly id: string
  readonly [field: string]: unknown
}

function cardIn(board: { columns: { tasks: Card[] }[] }, id: string): Card | undefined {
  return board.columns.flatMap(({ tasks }) => tasks).find((card) => card.id === id)
}

function columnsOf(board: {
  columns: { name: string; tasks: Card[] }[]
}): Record<string, string[]> {
  return Object.fromEntries(
    board.columns.map(({ name, tasks }) => [name, tasks.map(({ id }) => id)]),
  )
}

async function one(home: Home, id: string): Promise<Card> {
  const card = cardIn(await home.get('/board?include_archived=true', 'Board'), id)
  if (card === undefined) throw new Error(`no card of ${id}`)
  return card
}

forEachDatabase((open) => {
  test('a board has its columns in order, archived ones only when asked for, foreign words at the end', async () => {
    const home = await open()
    const parked = await home.create({ triage: true })
    const ready = await home.create()
    const urgent = await home.create({ priority: 5 })
    const waiting = await home.create({ parents: [ready] })
    const done = await home.create()
    const gone = await home.create()
    const strange = await home.create()
    await home.patch(done, { status: 'done' })
    await home.patch(gone, { status: 'archived' })
    const { store } = await home.board()
    await store.write((tx) => tx.run(sql`update tasks set status = 'review' where id = ${strange}`))

    expect(columnsOf(await home.get('/board', 'Board'))).toEqual({
      ...{ triage: [parked], todo: [waiting], ready: [urgent, ready], running: [], blocked: [] },
      ...{ done: [done], review: [strange] },
    })
    const all = columnsOf(await home.get('/board?include_archived=true', 'Board'))
    expect(Object.keys(all).slice(-2)).toEqual(['archived', 'review'])
    expect(all.archived).toEqual([gone])
  })

  test('a tenant sees its own cards, and all names to choose from', async () => {
    const home = await open()
    addProfile(home.root, 'writer')
    const ours = await home.create({ tenant: 'acme', assignee: 'writer' })
    await home.create({ tenant: 'other', assignee: 'lane' })
    await home.create()
    const board = await home.get('/board?tenant=acme', 'Board')
    expect(columnsOf(board).ready).toEqual([ours])
    expect(board.tenants).toEqual(['acme', 'other'])
    expect(board.assignees).toEqual(['default', 'lane', 'writer'])
  })

  test('a card has counts, progress, summary, note and warnings, and no long text', async () => {
    const home = await open()
    const parent = await home.create({ body: 'long', skills: ['a-skill'] })
    const first = await home.create({ parents: [parent] })
    const second = await home.create({ parents: [parent] })
    await home.post(`/tasks/${first}/comments`, { body: 'hello' })
    await home.post(`/tasks/${first}/comments`, { body: 'again' })
    await home.patch(parent, { status: 'done', summary: 'One line,\nand t_0badcafe', result: 'so' })
    await home.patch(second, { status: 'done' })

    const card = await one(home, parent)
    expect(card).toMatchObject({
      ...{ status: 'done', skills: ['a-skill'], comment_count: 0, why: null },
      ...{ link_counts: { parents: 0, children: 2 }, progress: { done: 1, total: 2 } },
      ...{ latest_summary: 'One line, and t_0badcafe', note: null },
      warnings: { count: 1, kinds: ['suspected_hallucinated_references'] },
    })
    expect(Object.keys(card)).not.toContain('body')
    expect(Object.keys(card)).not.toContain('result')
    expect(await one(home, first)).toMatchObject({
      ...{ comment_count: 2, link_counts: { parents: 1, children: 0 }, progress: null },
      ...{ latest_summary: null, warnings: { count: 0, kinds: [], latest_at: null } },
    })
    expect((await home.get(`/tasks/${parent}`, 'Shown')).task.warnings).toMatchObject({
      count: 1,
      phantoms: ['t_0badcafe'],
    })
  })

  test('an answer is sent once for each state of the board, and again after any change', async () => {
    const home = await open()
    await home.create()
    const first = await home.ask('GET', '/board')
    const tag = first.headers.get('etag') ?? ''
    expect(tag).toMatch(/^W\/"/)
    const same = await home.ask('GET', '/board', undefined, { 'if-none-match': tag })
    expect([same.status, same.body]).toEqual([304, ''])
    expect(same.headers.get('etag')).toBe(tag)
    const listed = await home.ask('GET', '/board', undefined, { 'if-none-match': `"x", ${tag}` })
    expect(listed.status).toBe(304)
    const other = await home.ask('GET', '/board?tenant=a', undefined, { 'if-none-match': tag })
    expect(other.status).toBe(200)
    await home.create()
    const later = await home.ask('GET', '/board', undefined, { 'if-none-match': tag })
    expect(later.status).toBe(200)
    expect(later.headers.get('etag')).not.toBe(tag)
  })

  test('since an event only what changed is told, with the parents and the waiting children of it', async () => {
    const home = await open()
    const parent = await home.create()
    const child = await home.create({ parents: [parent] })
    const other = await home.create()
    const { latest_event_id: since, identity } = await home.get('/board', 'Board')

    const nothing = await home.get(`/board?since=${since}&identity=${identity}`, 'Board')
    expect(nothing).toMatchObject({ whole: false, left: [], latest_event_id: since })
    expect(columnsOf(nothing)).toEqual(
      Object.fromEntries(Object.keys(columnsOf(nothing)).map((name) => [name, []])),
    )

    await home.patch(child, { title: 'better' })
    const edited = await home.get(`/board?since=${since}`, 'Board')
    expect(columnsOf(edited)).toMatchObject({ todo: [child], ready: [parent] })

    await home.patch(parent, { status: 'blocked', block_reason: 'which?' })
    const blocked = await home.get(`/board?since=${edited.latest_event_id}`, 'Board')
    expect(columnsOf(blocked)).toMatchObject({ blocked: [parent], todo: [child], ready: [] })
    expect(cardIn(blocked, child)?.why).toEqual({
      says: `it waits for ${parent} (blocked)`,
      until: null,
    })
    expect(cardIn(blocked, other)).toBeUndefined()
  })

  test('what left the view or the board is named', async () => {
    const home = await open()
    const archived = await home.create()
    const moved = await home.create({ tenant: 'acme' })
    const deleted = await home.create()
    await home.patch(deleted, { status: 'archived' })
    const { latest_event_id: since } = await home.get('/board?tenant=acme', 'Board')
    await home.patch(archived, { status: 'archived' })
    await home.patch(moved, { status: 'archived' })
    const { store } = await home.board()
    const { remove } = await import('../../src/board/remove.ts')
    await store.write((tx) => remove(tx, deleted, 'user', 'here+1'))
    const { left, whole } = await home.get(`/board?since=${since}`, 'Board')
    expect(whole).toBe(false)
    expect([...left].sort()).toEqual([archived, deleted, moved].sort())
    const seen = await home.get(`/board?since=${since}&include_archived=true`, 'Board')
    expect(seen.left).toEqual([deleted])
  })

  test('where events cannot tell, all is told: forgotten ones, another file, a later one', async () => {
    const home = await open()
    const old = await home.create()
    await home.patch(old, { status: 'done' })
    await home.create()
    const { latest_event_id: latest, identity } = await home.get('/board', 'Board')
    const whole = async (query: string): Promise<boolean> =>
      (await home.get(`/board?${query}`, 'Board')).whole
    expect(identity).toMatch(/^[0-9a-f]{16}$/)
    expect(await whole(`since=1&identity=${identity}`)).toBe(false)
    expect(await whole('since=1&identity=another')).toBe(true)
    expect(await whole(`since=${latest + 1}`)).toBe(true)
    const { store } = await home.board()
    const forgotten = await store.write((tx) => deleteOldEvents(tx, tx.now + 10))
    expect(forgotten).toBeGreaterThan(0)
    expect(await whole('since=1')).toBe(true)
    expect(await whole(`since=${latest}`)).toBe(false)
  })

  test('a row that another program wrote oddly breaks nothing', async () => {
    const home = await open()
    const id = await home.create()
    const { store } = await home.board()
    await store.write((tx) =>
      tx.run(
        sql`update tasks set skills = '[broken', started_at = 9007199254740993 where id = ${id}`,
      ),
    )
    const card = cardIn(await home.get('/board'), id)
    expect(card).toMatchObject({ skills: [], age: { started_age_seconds: 0 } })
  })
})

describe('why a card is where it is', () => {
  test('each is told in the words of why', async () => {
    const clock = stoppedClock()
    const home = await newHome({ clock })
    addProfile(home.root, 'writer')
    const parked = await home.create({ triage: true })
    const ready = await home.create({ assignee: 'writer' })
    clock.pass(1)
    const nobodys = await home.create()
    const lane = await home.create({ assignee: 'lane' })
    const waiting = await home.create({ parents: [ready, nobodys] })
    const asking = await home.create()
    const broken = await home.create()
    await home.patch(asking, { status: 'blocked', block_reason: 'which of the two?' })
    const { store } = await home.board()
    await store.write(async (tx) => {
      await tx.run(sql`update tasks set status = 'blocked', block_kind = 'breaker',
        consecutive_failures = 5, last_failure_error = 'exit 1: no disk' where id = ${broken}`)
      await tx.run(sql`update tasks set not_before = ${tx.now + 90}, consecutive_failures = 2,
        last_failure_error = 'exit code 1: no key' where id = ${ready}`)
    })
    const board = await home.get('/board', 'Board')
    const says = (id: string) => (cardIn(board, id)?.why as { says: string } | null)?.says ?? null
    expect(says(parked)).toBe('it is parked until somebody says what it is')
    expect(says(waiting)).toBe(`it waits for ${ready} (ready), ${nobodys} (ready)`)
    expect(says(asking)).toBe('it was blocked by dashboard: which of the two?')
    expect(says(broken)).toBe('it failed 5 times in a row: exit 1: no disk')
    const again = 'after failure 2 of 5 (exit code 1: no key) it is tried again'
    expect(cardIn(board, ready)?.why).toEqual({ says: again, until: clock() + 90 })
    expect([says(nobodys), says(lane)]).toEqual([null, null])
    const { held, free } = board.situation.ready
    expect(held).toMatchObject({
      '': { says: 'nobody is assigned: assign it to a profile', until: null },
      lane: { says: expect.stringContaining('lane is no profile on this machine') },
    })
    expect(Object.keys(held).sort()).toEqual(['', 'lane'])
    expect(free).toBe('it could start, but no dispatcher is running here')

    // What a card and its assignee say together is what `why` says of the task.
    for (const id of [parked, waiting, asking, broken, nobodys, lane]) {
      const card = cardIn(board, id)
      const said = held[String(card?.assignee ?? '')]?.says
      const { why } = await home.get(`/tasks/${id}`, 'Shown')
      expect(why.why).toBe((card?.status === 'ready' ? said : undefined) ?? says(id) ?? free)
    }
    const { why } = await home.get(`/tasks/${ready}`, 'Shown')
    expect(why).toMatchObject({ why: `${again} in 1 m 30 s`, until: clock() + 90 })
  })

  test('a hold, a cap and a broken profile hold back all of an assignee, and change the tag', async () => {
    const home = await newHome()
    addProfile(home.root, 'writer')
    await home.create({ assignee: 'writer' })
    const held = async () => (await home.get('/situation', 'Situation')).ready.held
    const tag = async () => (await home.ask('GET', '/board')).headers.get('etag')
    expect(await held()).toEqual({})
    const free = await tag()
    const { store } = await home.board()
    const { hold, unhold } = await import('../../src/board/holds.ts')
    await store.write((tx) =>
      hold(tx, { scope: 'profile', key: 'writer', until: null, reason: 'not logged in', by: 'x' }),
    )
    expect(await held()).toEqual({
      writer: { says: 'profile writer is on hold: not logged in', until: null },
    })
    expect(await tag()).not.toBe(free)
    await store.write((tx) => unhold(tx, 'profile', 'writer'))
    expect(await tag()).toBe(free)
    addProfile(home.root, 'writer', '  max_concurrent: none\n')
    expect((await held()).writer.says).toContain('profile writer cannot start')
  })

  test('a dispatcher that starts nothing is told with the reason, wherever it runs', async () => {
    const home = await newHome()
    addProfile(home.root, 'writer')
    await home.create({ assignee: 'writer' })
    const lock = await takeLock(home.root, 'dispatcher')
    onTestFinished(() => lock?.release())
    const trouble = 'the last pass failed: the disk reports an error'
    await writeHolder(home.root, { pid: 7, host: 'here+1', since: 1, trouble })
    const { situation } = await home.get('/board', 'Board')
    expect(situation).toMatchObject({
      dispatcher: { alive: true, pid: 7 },
      warnings: [trouble],
      ready: { free: `it could start, but the dispatcher is in trouble: ${trouble}` },
    })
  })

  test('the gateway, its parts and its warnings are told, and are part of the tag', async () => {
    let warning: string | null = null
    const home = await newHome({
      gateway: () => ({
        ...{ pid: 7, since: 1 },
        parts: { dispatcher: { state: 'on', says: '', warning } },
      }),
    })
    const { headers, body } = await home.ask('GET', '/board')
    expect(body.situation).toMatchObject({ warnings: [], gateway: { pid: 7 } })
    const known = { 'if-none-match': headers.get('etag') ?? '' }
    expect((await home.ask('GET', '/board', undefined, known)).status).toBe(304)
    warning = 'nothing has started for 5 m'
    const again = await home.ask('GET', '/board', undefined, known)
    expect([again.status, again.body.situation.warnings]).toEqual([200, [warning]])
  })
})
