import { expect, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { complete } from '../../src/board/complete.ts'
import { link } from '../../src/board/links.ts'
import { reopen } from '../../src/board/reopen.ts'
import { expectInvariants } from './invariants.ts'
import {
  everything,
  forEachBoard,
  kinds,
  lastEvent,
  make,
  refusalOf,
  runRows,
  take,
  taskIn,
  taskRow,
} from './support.ts'

forEachBoard((open) => {
  test('what was done or put away is ready again, with its history', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await make(tx)
      const fence = await take(tx, id)
      await complete(tx, id, { fence, summary: 'so' })
      expect(await taskRow(tx, id)).toMatchObject({ completed_at: tx.now })
      expect(await reopen(tx, id)).toMatchObject({ from: 'done', to: 'ready', run: null })
      expect(await taskRow(tx, id)).toMatchObject({ completed_at: null, started_at: tx.now })
      expect(await runRows(tx, id)).toMatchObject([{ outcome: 'completed', summary: 'so' }])
      expect(await kinds(tx, id)).toEqual(['created', 'claimed', 'completed', 'status'])
      expect(await lastEvent(tx, id)).toMatchObject({ run_id: null, payload: { status: 'ready' } })
      await expectInvariants(tx)
    })
  })

  test('it waits again where a parent is open, and its ready children wait for it', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const [grandparent, parent] = [await make(tx), await make(tx)]
      const [ready, running] = [await make(tx), await make(tx)]
      await complete(tx, parent, {})
      for (const child of [ready, running]) await link(tx, parent, child)
      const fence = await take(tx, running)
      await link(tx, grandparent, parent)
      expect(await reopen(tx, parent)).toMatchObject({ to: 'todo' })
      expect(await taskRow(tx, ready)).toMatchObject({ status: 'todo' })
      expect(await lastEvent(tx, ready)).toMatchObject({
        kind: 'status',
        payload: { status: 'todo', reason: 'reopened', parent },
      })
      // Work that has begun is not taken away.
      expect(await taskRow(tx, running)).toMatchObject({
        status: 'running',
        current_run_id: fence.run,
      })
      await complete(tx, grandparent, {})
      expect(await taskRow(tx, parent)).toMatchObject({ status: 'ready' })
      await complete(tx, parent, {})
      expect(await taskRow(tx, ready)).toMatchObject({ status: 'ready' })
      await expectInvariants(tx)
    })
  })

  test('it is refused while another task that is not archived has its key', async () => {
    const store = await open()
    const { id, twin } = await store.write(async (tx) => {
      const id = await make(tx, { idempotency_key: 'daily' })
      await archive(tx, id)
      return { id, twin: await make(tx, { idempotency_key: 'daily' }) }
    })
    const before = await store.read(everything)
    expect(await refusalOf(store.write((tx) => reopen(tx, id)))).toBe(
      `conflict: ${id} cannot be reopened: ${twin} has its idempotency key by now; archive that first`,
    )
    expect(await store.read(everything)).toEqual(before)
    await store.write((tx) => archive(tx, twin))
    expect(await store.write((tx) => reopen(tx, id))).toMatchObject({ to: 'ready' })
  })

  test('a done task is reopened although it has a key, for it has kept it', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await make(tx, { idempotency_key: 'daily' })
      await complete(tx, id, {})
      expect(await reopen(tx, id)).toMatchObject({ to: 'ready' })
    })
  })

  test('what is not finished is not reopened', async () => {
    const store = await open()
    for (const status of ['triage', 'todo', 'ready', 'running', 'blocked']) {
      const id = await store.write((tx) => taskIn(tx, status))
      expect(await refusalOf(store.write((tx) => reopen(tx, id)))).toBe(
        `wrong_status: ${id} cannot be reopened: it is ${status}, not done or archived`,
      )
    }
  })
})
