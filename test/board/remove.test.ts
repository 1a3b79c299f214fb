import { expect, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { deletedAmong } from '../../src/board/disused.ts'
import { hold, holds } from '../../src/board/holds.ts'
import { link } from '../../src/board/links.ts'
import { remove } from '../../src/board/remove.ts'
import { start } from '../../src/board/start.ts'
import { subscribe, subscriptions } from '../../src/board/subscriptions.ts'
import { sql } from '../../src/store/sql.ts'
import type { Reader, Tx } from '../../src/store/store.ts'
import { expectInvariants } from './invariants.ts'
import {
  dispatched,
  everything,
  forEachBoard,
  lastEvent,
  make,
  refusalOf,
  take,
  taskIn,
} from './support.ts'

const here = 'here+1'

/** A task with a row in every table, put away. */
async function lived(tx: Tx): Promise<string> {
  const id = await make(tx)
  await link(tx, id, await taskIn(tx, 'done'))
  await link(tx, await taskIn(tx, 'archived'), id)
  await comment(tx, id, 'ann', 'hm')
  await subscribe(tx, { task_id: id, platform: 'slack', chat_id: 'c', thread_id: '' }, null)
  await hold(tx, { scope: 'task', key: id, until: null, reason: 'r', by: 'ann' })
  const fence = await take(tx, id)
  await complete(tx, id, { fence, summary: 'so' })
  await archive(tx, id)
  return id
}

async function rowsOf(reader: Reader, id: string): Promise<number[]> {
  const counts = await Promise.all([
    reader.all(sql`select 1 from tasks where id = ${id}`),
    reader.all(sql`select 1 from task_links where parent_id = ${id} or child_id = ${id}`),
    reader.all(sql`select 1 from task_comments where task_id = ${id}`),
    reader.all(sql`select 1 from task_runs where task_id = ${id}`),
    reader.all(sql`select 1 from task_events where task_id = ${id}`),
  ])
  return counts.map((rows) => rows.length)
}

forEachBoard((open) => {
  test('a task is deleted with everything about it, and one event says by whom', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await lived(tx)
      const other = await lived(tx)
      const before = await rowsOf(tx, other)
      await remove(tx, id, 'ann', here)
      expect(await rowsOf(tx, id)).toEqual([0, 0, 0, 0, 1])
      expect(await lastEvent(tx, id)).toMatchObject({
        kind: 'deleted',
        run_id: null,
        payload: { by: 'ann' },
      })
      expect(await rowsOf(tx, other)).toEqual(before)
      expect((await subscriptions(tx)).map(({ task_id }) => task_id)).toEqual([other])
      expect((await holds(tx)).map(({ key }) => key)).toEqual([other])
      // What is left of it elsewhere is known by that.
      expect(await deletedAmong(tx, [other, id, 't_00000000', 'notes'])).toEqual([id])
      await expectInvariants(tx)
    })
  })

  test('it is refused while a child is open, which is named', async () => {
    const store = await open()
    const { id, child } = await store.write(async (tx) => {
      const id = await make(tx)
      const child = await make(tx)
      await link(tx, id, child)
      await archive(tx, id)
      return { id, child }
    })
    const before = await store.read(everything)
    expect(await refusalOf(store.write((tx) => remove(tx, id, 'ann', here)))).toBe(
      `conflict: ${id} cannot be deleted: its child ${child} is not finished; finish or unlink it first`,
    )
    expect(await store.read(everything)).toEqual(before)
    await store.write(async (tx) => {
      await complete(tx, child, {})
      await remove(tx, id, 'ann', here)
    })
  })

  test('only what is put away is deleted', async () => {
    const store = await open()
    for (const status of ['triage', 'todo', 'ready', 'running', 'blocked', 'done', 'scheduled']) {
      const id = await store.write((tx) => taskIn(tx, status))
      const before = await store.read(everything)
      expect(await refusalOf(store.write((tx) => remove(tx, id, 'ann', here)))).toBe(
        `wrong_status: ${id} cannot be deleted: it is ${status}; archive it first`,
      )
      expect(await store.read(everything)).toEqual(before)
    }
    expect(await refusalOf(store.write((tx) => remove(tx, 't_00000000', 'ann', here)))).toContain(
      'not_found: ',
    )
  })

  test('it is refused while a worker of it still lives, for its runner writes its end', async () => {
    const store = await open()
    const id = await store.write(async (tx) => {
      const id = await make(tx)
      const fence = await take(tx, id, dispatched())
      await tx.run(sql`update task_runs set runner_pid = 7 where id = ${fence.run}`)
      await start(tx, id, fence, { pid: 8, start: 'boot:1', workspace: '/tmp' })
      await archive(tx, id)
      return id
    })
    expect(await refusalOf(store.write((tx) => remove(tx, id, 'ann', here)))).toContain(
      'still_ending: ',
    )
    await store.write(async (tx) => {
      await tx.run(sql`update task_runs set exited_at = ${tx.now} where task_id = ${id}`)
      await remove(tx, id, 'ann', here)
    })
  })
})
