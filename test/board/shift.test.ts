/** A person drags a task: §1.4, direct move. */

import { expect, test } from 'vitest'
import { block } from '../../src/board/block.ts'
import { complete } from '../../src/board/complete.ts'
import { link } from '../../src/board/links.ts'
import { shift } from '../../src/board/shift.ts'
import { sql } from '../../src/store/sql.ts'
import type { Tx } from '../../src/store/store.ts'
import { expectInvariants } from './invariants.ts'
import {
  everything,
  forEachBoard,
  lastEvent,
  make,
  refusalOf,
  runRows,
  take,
  taskIn,
  taskRow,
} from './support.ts'

async function waiting(tx: Tx, status: 'triage' | 'todo' | 'blocked') {
  const parent = await make(tx)
  const id = await make(tx, { triage: status === 'triage' })
  if (status === 'blocked') await block(tx, id, { reason: 'why' })
  await link(tx, parent, id)
  return { id, parent }
}

forEachBoard((open) => {
  test('a move to ready is refused while a parent is open, and names it', async () => {
    const store = await open()
    for (const status of ['triage', 'todo', 'blocked'] as const) {
      const { id, parent } = await store.write((tx) => waiting(tx, status))
      const before = await store.read(everything)
      expect(await refusalOf(store.write((tx) => shift(tx, id, 'ready')))).toBe(
        `open_parents: ${id} waits for ${parent} (ready): finish or unlink it first`,
      )
      expect(await store.read(everything)).toEqual(before)
    }
  })

  test('a task that waits can be parked and let out again, and goes on waiting', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const { id, parent } = await waiting(tx, 'todo')
      expect(await shift(tx, id, 'triage')).toBe('triage')
      expect(await lastEvent(tx, id)).toMatchObject({
        kind: 'status',
        run_id: null,
        payload: { status: 'triage' },
      })
      expect(await shift(tx, id, 'todo')).toBe('todo')
      expect(await lastEvent(tx, id)).toMatchObject({ payload: { status: 'todo' } })
      await complete(tx, parent, {})
      expect(await taskRow(tx, id)).toMatchObject({ status: 'ready' })
      await expectInvariants(tx)
    })
  })

  test('moved to todo with nothing to wait for it is ready in the same unit of work', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await make(tx, { triage: true })
      expect(await shift(tx, id, 'todo')).toBe('ready')
      expect(await lastEvent(tx, id)).toMatchObject({
        kind: 'status',
        payload: { status: 'ready' },
      })
    })
  })

  test('moved off running its run is closed as taken back, and its worker is too late', async () => {
    const store = await open()
    for (const to of ['triage', 'todo', 'ready'] as const) {
      await store.write(async (tx) => {
        const id = await make(tx, { assignee: 'writer' })
        const fence = await take(tx, id)
        await shift(tx, id, to)
        expect(await runRows(tx, id)).toMatchObject([
          { outcome: 'reclaimed', summary: `moved to ${to}` },
        ])
        expect(await lastEvent(tx, id)).toMatchObject({ kind: 'status', run_id: fence.run })
        expect(await taskRow(tx, id)).toMatchObject({ claim_lock: null, current_run_id: null })
        expect(await refusalOf(complete(tx, id, { fence, summary: 's' }))).toContain('run_ended: ')
        await expectInvariants(tx)
      })
    }
  })

  test('moved off running or blocked it begins again without failures', async () => {
    const store = await open()
    for (const status of ['running', 'blocked']) {
      await store.write(async (tx) => {
        const id = await taskIn(tx, status)
        await tx.run(sql`
          update tasks set consecutive_failures = 3, last_failure_error = 'broken',
            not_before = ${tx.now + 60}
          where id = ${id}`)
        await shift(tx, id, 'ready')
        expect(await taskRow(tx, id)).toMatchObject({
          status: 'ready',
          consecutive_failures: 0,
          last_failure_error: null,
          not_before: null,
          block_kind: null,
        })
      })
    }
  })

  test('what is finished is reopened and not moved, and nothing is moved to where it is', async () => {
    const store = await open()
    for (const status of ['done', 'archived']) {
      const id = await store.write((tx) => taskIn(tx, status))
      expect(await refusalOf(store.write((tx) => shift(tx, id, 'todo')))).toBe(
        `wrong_status: ${id} cannot be moved to todo: it is ${status}; reopen it first`,
      )
    }
    const id = await store.write((tx) => make(tx))
    expect(await refusalOf(store.write((tx) => shift(tx, id, 'ready')))).toBe(
      `wrong_status: ${id} cannot be moved to ready: it is ready`,
    )
    expect(await refusalOf(store.write((tx) => shift(tx, 't_00000000', 'todo')))).toContain(
      'not_found: ',
    )
  })
})
