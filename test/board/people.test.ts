/** Comments, assignment, holds, and cards that a worker made up. */

import { expect, test } from 'vitest'
import { assign } from '../../src/board/assign.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { create } from '../../src/board/create.ts'
import { comments, events } from '../../src/board/history.ts'
import { hold, holds, unhold } from '../../src/board/holds.ts'
import { link } from '../../src/board/links.ts'
import { statusNames } from '../../src/model/status.ts'
import { sql } from '../../src/store/sql.ts'
import {
  everything,
  forEachBoard,
  kinds,
  lastEvent,
  make,
  refusalOf,
  runRows,
  stoppedClock,
  take,
  task,
  taskIn,
  taskRow,
} from './support.ts'

forEachBoard((open) => {
  test('a task takes comments whatever its status, that of another program included', async () => {
    const store = await open()
    await store.write(async (tx) => {
      for (const status of [...statusNames, 'scheduled']) {
        const id = await taskIn(tx, status)
        const first = await comment(tx, id, 'ann', 'a word')
        const second = await comment(tx, id, 'bob', 'ünd noch eins')
        expect(second).toBeGreaterThan(first)
        expect(await comments(tx, id)).toMatchObject([
          { id: first, author: 'ann', body: 'a word', created_at: tx.now },
          { id: second, author: 'bob', body: 'ünd noch eins' },
        ])
        expect(await taskRow(tx, id)).toMatchObject({ status })
        expect(await lastEvent(tx, id)).toMatchObject({
          kind: 'commented',
          run_id: null,
          payload: { author: 'bob', len: 13 },
        })
      }
    })
  })

  test('a comment on a task that does not exist is refused and leaves nothing', async () => {
    const store = await open()
    const before = await store.read(everything)
    const refusal = await refusalOf(store.write((tx) => comment(tx, 't_00000000', 'ann', 'hm')))
    expect(refusal).toBe('not_found: there is no task t_00000000 on this board')
    expect(await store.read(everything)).toEqual(before)
  })

  test('a task is given to somebody, and to nobody, and says so', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await make(tx)
      expect(await assign(tx, id, 'writer')).toBe(true)
      expect(await lastEvent(tx, id)).toMatchObject({
        kind: 'assigned',
        payload: { assignee: 'writer' },
      })
      expect(await assign(tx, id, 'writer')).toBe(false)
      expect(await assign(tx, id, null)).toBe(true)
      expect(await assign(tx, id, null)).toBe(false)
      expect(await taskRow(tx, id)).toMatchObject({ assignee: null })
      expect(await kinds(tx, id)).toEqual(['created', 'assigned', 'assigned'])
      await assign(tx, id, 'writer', 'default')
      expect(await lastEvent(tx, id)).toMatchObject({
        payload: { assignee: 'writer', source: 'default' },
      })
    })
  })

  test('a running task is given to nobody else', async () => {
    const store = await open()
    const id = await store.write((tx) => taskIn(tx, 'running'))
    const before = await store.read(everything)
    for (const assignee of ['writer', null]) {
      expect(await refusalOf(store.write((tx) => assign(tx, id, assignee)))).toBe(
        `wrong_status: ${id} cannot be given to somebody else: it is running; reclaim it first`,
      )
    }
    expect(await store.read(everything)).toEqual(before)
    expect(await refusalOf(store.write((tx) => assign(tx, 't_00000000', 'x')))).toContain(
      'not_found: ',
    )
  })

  test('a hold is in force until its time or until it is lifted, and a later one takes its place', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    const profile = {
      scope: 'profile',
      key: 'writer',
      reason: 'not logged in',
      by: 'user',
    } as const
    await store.write(async (tx) => {
      await hold(tx, { ...profile, until: clock() + 60 })
      await hold(tx, { scope: 'board', key: 'default', until: null, reason: 'holiday', by: 'ann' })
    })
    expect((await store.read(holds)).map(({ scope }) => scope)).toEqual(['board', 'profile'])
    clock.pass(60)
    expect((await store.read(holds)).map(({ scope }) => scope)).toEqual(['board'])
    await store.write((tx) => hold(tx, { ...profile, until: null, reason: 'quota' }))
    expect(await store.read(holds)).toContainEqual({ ...profile, until: null, reason: 'quota' })
    expect(await store.write((tx) => unhold(tx, 'profile', 'writer'))).toBe(true)
    expect(await store.write((tx) => unhold(tx, 'profile', 'writer'))).toBe(false)
    expect(await store.write((tx) => unhold(tx, 'task', 'default'))).toBe(false)
    expect(await store.read(holds)).toHaveLength(1)
  })

  test('a hold of a scope that is not ours is left alone', async () => {
    const store = await open()
    await store.write((tx) =>
      tx.run(sql`
        insert into kanban_holds (scope, key, until, reason, by)
        values ('moon', 'full', null, 'tides', 'them')`),
    )
    expect(await store.read(holds)).toEqual([])
  })

  test('cards that were made by the assignee or hang below the task are verified', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await make(tx, { assignee: 'writer' })
      const own = (await create(tx, task(), 'writer')).id
      const child = await make(tx)
      await link(tx, id, child)
      const fence = await take(tx, id)
      await complete(tx, id, { fence, summary: 'so', createdCards: [child, own] })
      expect(await taskRow(tx, id)).toMatchObject({ status: 'done' })
      const [completed] = (await events(tx, id, 99)).filter(({ kind }) => kind === 'completed')
      expect(completed?.payload).toEqual({
        result_len: 0,
        summary: 'so',
        verified_cards: [child, own],
      })
    })
  })

  test('cards that nobody made leave the task as it was, with a trace, and can be left out', async () => {
    const store = await open()
    const { id, foreign, fence } = await store.write(async (tx) => {
      const id = await make(tx, { assignee: 'writer' })
      return { id, foreign: await make(tx), fence: await take(tx, id) }
    })
    const before = await store.read((reader) => taskRow(reader, id))
    const summary = 'first line\nsecond'
    const createdCards = ['t_00000000', foreign]
    const { refusal } = await store.write((tx) =>
      complete(tx, id, { fence, summary, createdCards }),
    )
    expect(refusal?.code).toBe('phantom_cards')
    expect(refusal?.message).toBe(
      `${id} is unchanged: t_00000000, ${foreign} are no cards of yours; complete it again without them, or create them first`,
    )
    await store.read(async (reader) => {
      expect(await taskRow(reader, id)).toEqual(before)
      expect(await lastEvent(reader, id)).toMatchObject({
        kind: 'completion_blocked_hallucination',
        run_id: fence.run,
        payload: {
          phantom_cards: createdCards,
          verified_cards: [],
          summary_preview: 'first line',
        },
      })
    })
    await store.write((tx) => complete(tx, id, { fence, summary }))
    expect(await store.read((reader) => taskRow(reader, id))).toMatchObject({ status: 'done' })
  })

  test('the cards of nobody are not those of a task without an assignee', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await make(tx)
      const orphan = await make(tx)
      await tx.run(sql`update tasks set created_by = null where id = ${orphan}`)
      const { refusal } = await complete(tx, id, { createdCards: [orphan] })
      expect(refusal?.message).toContain('is no card of yours')
    })
  })

  test('completing a task that is not running keeps what is handed over, and nothing for nothing', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    await store.write(async (tx) => {
      const [silent, said, meta] = [
        await make(tx),
        await make(tx, { assignee: 'w' }),
        await make(tx),
      ]
      await complete(tx, silent, {})
      expect(await runRows(tx, silent)).toEqual([])
      expect(await lastEvent(tx, silent)).toMatchObject({
        run_id: null,
        payload: { result_len: 0 },
      })
      await complete(tx, said, { result: 'only a result' })
      const [run] = await runRows(tx, said)
      expect(run).toMatchObject({
        profile: 'w',
        status: 'done',
        outcome: 'completed',
        summary: 'only a result',
        started_at: clock(),
        ended_at: clock(),
      })
      expect(await lastEvent(tx, said)).toMatchObject({
        kind: 'completed',
        run_id: run?.id,
        payload: { result_len: 13, summary: 'only a result' },
      })
      await complete(tx, meta, { metadata: { files: 3 } })
      expect(await runRows(tx, meta)).toMatchObject([{ metadata: '{"files":3}' }])
    })
  })
})
