/** Texts and priority of a task, and what a done one handed over. */

import { expect, test } from 'vitest'
import { backfill } from '../../src/board/backfill.ts'
import { complete } from '../../src/board/complete.ts'
import { edit } from '../../src/board/edit.ts'
import { events } from '../../src/board/history.ts'
import { statusNames } from '../../src/model/status.ts'
import { sql } from '../../src/store/sql.ts'
import { expectInvariants } from './invariants.ts'
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
  taskIn,
  taskRow,
} from './support.ts'

forEachBoard((open) => {
  test('texts and priority are edited in any status, with what they were and are', async () => {
    const store = await open()
    for (const status of [...statusNames, 'scheduled']) {
      await store.write(async (tx) => {
        const id = await taskIn(tx, status)
        expect(await edit(tx, id, { title: 'new', body: 'text', priority: -3 })).toEqual([
          'title',
          'body',
          'priority',
        ])
        expect(await taskRow(tx, id)).toMatchObject({
          title: 'new',
          body: 'text',
          priority: -3,
          status,
        })
        const [edited, reprioritized] = await events(tx, id, 2)
        expect(edited).toMatchObject({
          kind: 'edited',
          run_id: null,
          payload: {
            fields: ['title', 'body'],
            title: { from: 'work', to: 'new' },
            body: { from: null, to: 'text' },
          },
        })
        expect(reprioritized).toMatchObject({
          kind: 'reprioritized',
          run_id: null,
          payload: { priority: { from: 0, to: -3 } },
        })
      })
    }
  })

  test('what is so already leaves no trace', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx, { body: 'text', priority: 2 }))
    const before = await store.read(everything)
    const same = { title: 'work', body: 'text', priority: 2 }
    expect(await store.write((tx) => edit(tx, id, same))).toEqual([])
    expect(await store.write((tx) => edit(tx, id, {}))).toEqual([])
    expect(await store.read(everything)).toEqual(before)
  })

  test('a text can be taken away, and a long one is in the event by its hash', async () => {
    const store = await open()
    const long = 'é'.repeat(5000)
    await store.write(async (tx) => {
      const id = await make(tx, { body: long })
      await edit(tx, id, { body: null })
      expect(await taskRow(tx, id)).toMatchObject({ body: null })
      const { payload } = (await lastEvent(tx, id)) ?? {}
      expect(payload).toEqual({
        fields: ['body'],
        body: { from: { sha256: expect.stringMatching(/^[0-9a-f]{16}$/), length: 5000 }, to: null },
      })
    })
  })

  test('a backfill corrects the latest completed run and the result', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await make(tx, { assignee: 'writer' })
      const fence = await take(tx, id)
      await complete(tx, id, { fence, summary: 'first', result: 'r', metadata: { files: 1 } })
      const fix = { result: 'R2', summary: 'better\nsecond line', metadata: { files: 2 } }
      await backfill(tx, id, fix)
      expect(await taskRow(tx, id)).toMatchObject({ status: 'done', result: 'R2' })
      expect(await runRows(tx, id)).toMatchObject([
        { id: fence.run, outcome: 'completed', summary: fix.summary, metadata: '{"files":2}' },
      ])
      expect(await lastEvent(tx, id)).toMatchObject({
        kind: 'edited',
        run_id: fence.run,
        payload: { fields: ['result', 'summary', 'metadata'], result_len: 2, summary: 'better' },
      })
      await backfill(tx, id, { metadata: { files: 3 } })
      expect(await runRows(tx, id)).toMatchObject([
        { summary: fix.summary, metadata: '{"files":3}' },
      ])
      await expectInvariants(tx)
    })
  })

  test('a new result takes the place of a summary that was the result, and of no other', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const [told, untold] = [await make(tx), await make(tx)]
      await complete(tx, told, { summary: 'what was found', result: 'r' })
      await complete(tx, untold, { result: 'r' })
      for (const id of [told, untold]) await backfill(tx, id, { result: 'R2' })
      expect((await runRows(tx, told)).map(({ summary }) => summary)).toEqual(['what was found'])
      expect((await runRows(tx, untold)).map(({ summary }) => summary)).toEqual(['R2'])
    })
  })

  test('a backfill makes a run of no length where none was completed', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    await store.write(async (tx) => {
      const id = await make(tx, { assignee: 'writer' })
      await complete(tx, id, {})
      await backfill(tx, id, { result: 'late' })
      expect(await taskRow(tx, id)).toMatchObject({ result: 'late' })
      const [run] = await runRows(tx, id)
      expect(run).toMatchObject({
        profile: 'writer',
        status: 'done',
        outcome: 'completed',
        summary: 'late',
        started_at: clock(),
        ended_at: clock(),
      })
      expect(await lastEvent(tx, id)).toMatchObject({
        kind: 'edited',
        run_id: run?.id,
        payload: { fields: ['result'], result_len: 4 },
      })
      expect(await kinds(tx, id)).toEqual(['created', 'completed', 'edited'])
      await expectInvariants(tx)
    })
  })

  test('only a done task is backfilled, and only a task that exists is edited', async () => {
    const store = await open()
    for (const status of [...statusNames, 'scheduled']) {
      if (status === 'done') continue
      const id = await store.write((tx) => taskIn(tx, status))
      const before = await store.read(everything)
      expect(await refusalOf(store.write((tx) => backfill(tx, id, { summary: 's' })))).toBe(
        `wrong_status: the result of ${id} cannot be edited: it is ${status}, not done`,
      )
      expect(await store.read(everything)).toEqual(before)
    }
    const gone = 'not_found: there is no task t_00000000 on this board'
    const write = store.write
    expect(await refusalOf(write((tx) => backfill(tx, 't_00000000', { result: 'x' })))).toBe(gone)
    expect(await refusalOf(write((tx) => edit(tx, 't_00000000', { title: 'x' })))).toBe(gone)
  })

  test('an edit and a backfill that is refused are one unit of work', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx))
    const both = store.write(async (tx) => {
      await edit(tx, id, { title: 'new' })
      await backfill(tx, id, { summary: 's' })
    })
    expect(await refusalOf(both)).toContain('wrong_status: ')
    const row = await store.read((reader) =>
      reader.get<{ title: string }>(sql`select title from tasks where id = ${id}`),
    )
    expect(row?.title).toBe('work')
  })
})
