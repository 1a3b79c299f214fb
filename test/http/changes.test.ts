import { expect, test } from 'vitest'
import { claim } from '../../src/board/claim.ts'
import { getTask } from '../../src/board/find.ts'
import { events, runs } from '../../src/board/history.ts'
import { dispatched, everything, kinds, taskIn } from '../board/support.ts'
import { addProfile, forEachDatabase, type Home, newHome } from './home.ts'

async function taskOf(home: Home, status: string): Promise<string> {
  const { store } = await home.board()
  return store.write((tx) => taskIn(tx, status))
}

async function statusOf(home: Home, id: string): Promise<string> {
  const { store } = await home.board()
  return (await store.read((reader) => getTask(reader, id))).status
}

/** What becomes of a task in each status when it is asked to be in each other; a refusal as its code. */
const goals: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  triage: {
    triage: 'wrong_status',
    ...{ todo: 'ready', ready: 'ready', running: 'wrong_status' },
    ...{ blocked: 'wrong_status', done: 'wrong_status', archived: 'archived' },
  },
  // It waits for a parent.
  todo: {
    ...{ triage: 'triage', todo: 'wrong_status', ready: 'open_parents', running: 'wrong_status' },
    ...{ blocked: 'wrong_status', done: 'wrong_status', archived: 'archived' },
  },
  ready: {
    ...{ triage: 'triage', todo: 'ready', ready: 'wrong_status', running: 'wrong_status' },
    ...{ blocked: 'blocked', done: 'done', archived: 'archived' },
  },
  running: {
    ...{ triage: 'triage', todo: 'ready', ready: 'ready', running: 'wrong_status' },
    ...{ blocked: 'blocked', done: 'done', archived: 'archived' },
  },
  blocked: {
    ...{ triage: 'triage', todo: 'ready', ready: 'ready', running: 'wrong_status' },
    ...{ blocked: 'wrong_status', done: 'done', archived: 'archived' },
  },
  done: {
    ...{ triage: 'wrong_status', todo: 'ready', ready: 'ready', running: 'wrong_status' },
    ...{ blocked: 'wrong_status', done: 'wrong_status', archived: 'archived' },
  },
  archived: {
    ...{ triage: 'wrong_status', todo: 'ready', ready: 'ready', running: 'wrong_status' },
    ...{ blocked: 'wrong_status', done: 'wrong_status', archived: 'wrong_status' },
  },
  scheduled: {
    ...{ triage: 'wrong_status', todo: 'wrong_status', ready: 'wrong_status' },
    ...{ running: 'wrong_status', blocked: 'wrong_status', done: 'wrong_status' },
    archived: 'wrong_status',
  },
}

forEachDatabase((open) => {
  test('a status names the goal: from every status to every other the verb decides', async () => {
    const home = await open()
    for (const [from, row] of Object.entries(goals)) {
      for (const [status, outcome] of Object.entries(row)) {
        const id = await taskOf(home, from)
        const { status: http, body } = await home.ask('PATCH', `/tasks/${id}`, { status })
        const said = http === 200 ? body.task.status : body.code
        expect(said, `${from} → ${status}: ${JSON.stringify(body)}`).toBe(outcome)
        if (http === 200) continue
        expect(http).toBe(409)
        expect(body.detail).toMatch(new RegExp(`\\b${from === 'todo' ? 'todo|waits' : from}\\b`))
        expect(await statusOf(home, id)).toBe(from)
      }
    }
  })

  test('a change is one unit of work: where a part of it is refused, nothing is kept', async () => {
    const home = await open()
    const id = await taskOf(home, 'todo')
    const { store } = await home.board()
    const before = await store.read(everything)
    const { status } = await home.ask('PATCH', `/tasks/${id}`, {
      ...{ title: 'another', priority: 7, assignee: 'writer', status: 'ready' },
    })
    expect(status).toBe(409)
    expect(await store.read(everything)).toEqual(before)
  })

  test('several things change together, and each leaves its event', async () => {
    const home = await open()
    const id = await home.create({ assignee: 'writer' })
    const task = await home.patch(id, {
      ...{ title: 'better', body: null, priority: 3, assignee: '' },
      ...{ status: 'done', summary: 'so', result: 'it is', metadata: { files: 3 } },
    })
    expect(task).toMatchObject({
      ...{ title: 'better', body: null, priority: 3, assignee: null, status: 'done' },
      result: 'it is',
    })
    const { store } = await home.board()
    expect(await store.read((reader) => kinds(reader, id))).toEqual([
      ...['created', 'edited', 'reprioritized', 'assigned', 'completed'],
    ])
    const [run] = await store.read((reader) => runs(reader, id))
    expect(run).toMatchObject({ outcome: 'completed', summary: 'so', metadata: { files: 3 } })
  })

  test('somebody at work keeps a task until it is taken from them in the same change', async () => {
    const home = await open()
    const id = await taskOf(home, 'running')
    const refused = await home.ask('PATCH', `/tasks/${id}`, { assignee: 'other' })
    expect([refused.status, refused.body.code]).toEqual([409, 'wrong_status'])
    const task = await home.patch(id, { assignee: 'other', status: 'ready' })
    expect(task).toMatchObject({ assignee: 'other', status: 'ready' })
  })

  test('a block carries its question to the next worker, signed', async () => {
    const home = await open()
    const id = await home.create()
    await home.patch(id, { status: 'blocked', block_reason: ' which one? ' })
    const { comments } = await home.get(`/tasks/${id}`, 'Shown')
    expect(comments).toMatchObject([{ author: 'dashboard', body: 'BLOCKED: which one?' }])
  })

  test('the hand-off of a done task is corrected, of no other', async () => {
    const home = await open()
    const id = await home.create()
    const early = await home.ask('PATCH', `/tasks/${id}`, { summary: 'so' })
    expect([early.status, early.body.code]).toEqual([409, 'wrong_status'])
    await home.patch(id, { status: 'done' })
    expect(await home.patch(id, { result: 'after all', summary: 'so' })).toMatchObject({
      result: 'after all',
    })
    expect((await home.get(`/tasks/${id}`, 'Shown')).latest_summary).toBe('so')
  })

  test('of several, each is changed for itself, and says why where it is not', async () => {
    const home = await open()
    const ready = await home.create()
    const waiting = await home.create({ parents: [ready] })
    const running = await taskOf(home, 'running')
    const { results } = await home.post(
      '/tasks/bulk',
      { ids: [ready, 't_nowhere', waiting, running, ready], status: 'done', summary: 'swept' },
      'Bulk',
    )
    expect(results).toMatchObject([
      { id: ready, ok: true },
      { id: 't_nowhere', ok: false, code: 'not_found' },
      { id: waiting, ok: true },
      { id: running, ok: true },
    ])
    // Its last parent was done a moment before.
    expect(await statusOf(home, waiting)).toBe('done')
    const again = await home.post(
      '/tasks/bulk',
      { ids: [ready], archive: true, priority: 4 },
      'Bulk',
    )
    expect(again.results).toEqual([{ id: ready, ok: true }])
    const task = (await home.get(`/tasks/${ready}`, 'Shown')).task
    expect(task).toMatchObject({ status: 'archived', priority: 4 })
  })

  test('several are given to somebody else, from their workers where that is asked for', async () => {
    const home = await open()
    const running = await taskOf(home, 'running')
    const kept = await home.post('/tasks/bulk', { ids: [running], assignee: 'ana' }, 'Bulk')
    expect(kept.results).toMatchObject([{ ok: false, code: 'wrong_status' }])
    const ids = [running]
    const taken = await home.post(
      '/tasks/bulk',
      { ids, assignee: 'ana', reclaim_first: true },
      'Bulk',
    )
    expect(taken.results).toEqual([{ id: running, ok: true }])
    const nobody = await home.post('/tasks/bulk', { ids, assignee: '' }, 'Bulk')
    expect(nobody.results).toEqual([{ id: running, ok: true }])
    const { task } = await home.get(`/tasks/${running}`, 'Shown')
    expect(task).toMatchObject({ assignee: null, status: 'ready' })
  })

  test('a task is taken back, given on and let out of triage', async () => {
    const home = await open()
    addProfile(home.root, 'writer')
    const id = await home.create({ assignee: 'writer' })
    const { store } = await home.board()
    await store.write((tx) => claim(tx, id, dispatched()))
    const stuck = await home.ask('POST', `/tasks/${id}/reassign`, { profile: 'ana' })
    expect([stuck.status, stuck.body.code]).toEqual([409, 'wrong_status'])
    const given = { profile: 'ana', reclaim_first: true, reason: 'tone' }
    expect(await home.post(`/tasks/${id}/reassign`, given, 'DoneTo')).toEqual({
      ...{ ok: true, task_id: id, assignee: 'ana', status: 'ready' },
    })
    const again = await home.ask('POST', `/tasks/${id}/reclaim`, {})
    expect([again.status, again.body.facts.status]).toEqual([409, 'ready'])
    await store.write((tx) => claim(tx, id, dispatched()))
    expect(await home.post(`/tasks/${id}/reclaim`, { reason: 'why' }, 'DoneTo')).toMatchObject({
      ...{ ok: true, task_id: id, status: 'ready' },
    })
    const nobody = await home.post(`/tasks/${id}/reassign`, { profile: '' }, 'DoneTo')
    expect(nobody.assignee).toBeNull()
    const parked = await home.create({ triage: true })
    expect(await home.post(`/tasks/${parked}/promote`, undefined, 'DoneTo')).toMatchObject({
      status: 'ready',
    })
    const past = await store.read((reader) => events(reader, id, 100))
    expect(past.filter(({ kind }) => kind === 'reclaimed').at(-1)?.payload).toMatchObject({
      reason: 'why',
    })
  })

  test('tasks are linked and unlinked, and seen as a graph', async () => {
    const home = await open()
    const parent = await home.create()
    const child = await home.create()
    const grandchild = await home.create({ parents: [child] })
    const alone = await home.create()
    const link = { parent_id: parent, child_id: child }
    expect(await home.post('/links', link, 'Done')).toEqual({ ok: true })
    const around = await home.get(`/links?task_id=${grandchild}`, 'Graph')
    expect(around.nodes.map(({ id }: { id: string }) => id).sort()).toEqual(
      [parent, child, grandchild].sort(),
    )
    expect(around.links).toHaveLength(2)
    expect(await home.get('/links', 'Graph')).toMatchObject({ links: around.links })
    expect((await home.get(`/links?task_id=${alone}`, 'Graph')).nodes).toHaveLength(1)
    const path = `/links?parent_id=${parent}&child_id=${child}`
    expect((await home.ask('DELETE', path)).body).toEqual({ ok: true })
    expect((await home.ask('DELETE', path)).status).toBe(404)
  })

  test('words are found wherever a task says them, in any case, signs included', async () => {
    const home = await open()
    const titled = await home.create({ title: 'The Quick fox' })
    const bodied = await home.create({ body: 'a QUICK look, 100%_done' })
    const summed = await home.create({ assignee: 'quickly' })
    const done = await home.create()
    await home.patch(done, { status: 'done', summary: 'it was quick' })
    const found = async (q: string, more = '') =>
      new Set((await home.get(`/search?q=${encodeURIComponent(q)}${more}`, 'Found')).ids)
    expect(await found('quick')).toEqual(new Set([titled, bodied, summed, done]))
    expect(await found('100%_d')).toEqual(new Set([bodied]))
    expect(await found('0%x')).toEqual(new Set())
    expect(await found(titled)).toEqual(new Set([titled]))
    await home.patch(done, { status: 'archived' })
    expect(await found('it was')).toEqual(new Set())
    expect(await found('it was', '&include_archived=true')).toEqual(new Set([done]))
  })
})

test('a task that is there under the same key is answered again', async () => {
  const home = await newHome()
  const first = await home.post('/tasks', { title: 'a', idempotency_key: 'k' }, 'Created')
  const second = await home.post('/tasks', { title: 'b', idempotency_key: 'k' }, 'Created')
  expect([first.created, second.created]).toEqual([true, false])
  expect(second.task.id).toBe(first.task.id)
})
