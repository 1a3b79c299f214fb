import { expect, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { create } from '../../src/board/create.ts'
import { getTask } from '../../src/board/find.ts'
import { children } from '../../src/board/history.ts'
import { sql } from '../../src/store/sql.ts'
import { everything, forEachBoard, lastEvent, make, refusalOf, task, taskIn } from './support.ts'

forEachBoard((open) => {
  test('a new task is ready, waits for its parents, or is parked', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const done = await taskIn(tx, 'done')
      const put = await taskIn(tx, 'archived')
      const waiting = await make(tx)
      const status = async (fields: Parameters<typeof task>[0]) =>
        (await create(tx, task(fields), 'user')).status
      expect(await status({})).toBe('ready')
      expect(await status({ parents: [done, put] })).toBe('ready')
      expect(await status({ parents: [done, waiting] })).toBe('todo')
      expect(await status({ triage: true })).toBe('triage')
      expect(await status({ triage: true, parents: [waiting] })).toBe('triage')
      expect((await children(tx, waiting)).map((child) => child.status).sort()).toEqual([
        'todo',
        'triage',
      ])
    })
  })

  test('everything that was given is kept', async () => {
    const store = await open()
    const parent = await store.write((tx) => make(tx))
    const id = await store.write((tx) =>
      make(tx, {
        title: '  Übersicht – 概要  ',
        body: 'line\nline',
        assignee: ' Writer ',
        parents: [parent, parent],
        tenant: 'acme',
        priority: -3,
        workspace_kind: 'worktree',
        workspace_path: '/src/app',
        branch: 'topic',
        idempotency_key: 'once',
        max_runtime_seconds: '1.5h',
        max_retries: 2,
        skills: ['a', ' b ', '', 'a'],
        model: 'large',
      }),
    )
    await store.read(async (reader) => {
      expect(await getTask(reader, id)).toMatchObject({
        title: 'Übersicht – 概要',
        body: 'line\nline',
        assignee: 'writer',
        status: 'todo',
        priority: -3,
        created_by: 'user',
        tenant: 'acme',
        workspace_kind: 'worktree',
        workspace_path: '/src/app',
        branch_name: 'topic',
        idempotency_key: 'once',
        max_runtime_seconds: 5400,
        max_retries: 2,
        skills: ['a', 'b'],
        model_override: 'large',
      })
      expect(await lastEvent(reader, id)).toMatchObject({
        kind: 'created',
        run_id: null,
        payload: {
          assignee: 'writer',
          status: 'todo',
          parents: [parent],
          tenant: 'acme',
          skills: ['a', 'b'],
        },
      })
    })
  })

  test('all parents that do not exist are named, and nothing is written', async () => {
    const store = await open()
    const known = await store.write((tx) => make(tx))
    const before = await store.read(everything)
    for (const triage of [false, true]) {
      const parents = ['t_00000001', known, 't_00000002']
      const refusal = await refusalOf(
        store.write((tx) => create(tx, task({ parents, triage }), 'user')),
      )
      expect(refusal).toBe('meaningless: these parents do not exist: t_00000001, t_00000002')
    }
    expect(await store.read(everything)).toEqual(before)
  })

  test('an id that is taken is drawn again', async () => {
    const store = await open()
    const drawn = ['t_00000001', 't_00000001', 't_00000002']
    const draw = () => drawn.shift() ?? 'none left'
    const ids = await store.write(async (tx) => [
      (await create(tx, task(), 'user', draw)).id,
      (await create(tx, task(), 'user', draw)).id,
    ])
    expect(ids).toEqual(['t_00000001', 't_00000002'])
  })

  test('ten creates with one key, at once over two stores, make one task', async () => {
    const store = await open()
    const other = await open({ beside: store })
    const made = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 === 0 ? store : other).write((tx) =>
          create(tx, task({ title: `try ${n}`, idempotency_key: 'nightly' }), 'user'),
        ),
      ),
    )
    expect(made.filter(({ created }) => created)).toHaveLength(1)
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect(await store.read((reader) => reader.all(sql`select id from tasks`))).toHaveLength(1)
    expect(await store.read((reader) => reader.all(sql`select id from task_events`))).toHaveLength(
      1,
    )
  })

  test('a key is in use while its task is done, and free once it is archived', async () => {
    const store = await open()
    const keyed = task({ idempotency_key: 'nightly' })
    await store.write(async (tx) => {
      const first = await create(tx, keyed, 'user')
      await tx.run(sql`update tasks set status = 'done' where id = ${first.id}`)
      expect(await create(tx, keyed, 'user')).toEqual({
        id: first.id,
        status: 'done',
        created: false,
      })
      await archive(tx, first.id)
      const second = await create(tx, keyed, 'user')
      expect(second.created).toBe(true)
      expect(second.id).not.toBe(first.id)
    })
  })

  test('a hit of a key does not look at the rest of the input', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const first = await create(tx, task({ idempotency_key: 'k' }), 'user')
      const again = task({ idempotency_key: 'k', parents: ['t_00000000'] })
      expect(await create(tx, again, 'user')).toMatchObject({ id: first.id, created: false })
    })
  })

  test('odd text comes back as it was given', async () => {
    const store = await open()
    const odd = [
      "'); drop table tasks; --",
      '漢字 العربية עברית',
      '👩‍👩‍👧‍👦 \u200f\u202e',
      '\u0001\u001b[31m\u007f',
      '%_?$1 \\ "quoted" `ticks`',
      'x'.repeat(1024 * 1024),
    ]
    for (const body of odd) {
      const id = await store.write((tx) => make(tx, { body, tenant: 'acme' }))
      const kept = await store.read((reader) => getTask(reader, id))
      expect(kept.body === body).toBe(true)
    }
    const mended = await store.write((tx) => make(tx, { title: 'a\0b', body: 'half \ud800' }))
    expect(await store.read((reader) => getTask(reader, mended))).toMatchObject({
      title: 'ab',
      body: 'half \ufffd',
    })
  })
})
