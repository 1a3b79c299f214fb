/** Five hundred neighbours, a thousand runs, a hundred tenants: the right answer, and no other. */

import { expect, test } from 'vitest'
import { block, unblock } from '../../src/board/block.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { getTask } from '../../src/board/find.ts'
import { link } from '../../src/board/links.ts'
import { list, progress } from '../../src/board/list.ts'
import { reopen } from '../../src/board/reopen.ts'
import { show } from '../../src/board/show.ts'
import { stats } from '../../src/board/stats.ts'
import { sql } from '../../src/store/sql.ts'
import type { Reader, Tx } from '../../src/store/store.ts'
import { expectInvariants } from '../board/invariants.ts'
import { forEachBoard, make, refusalOf } from '../board/support.ts'

const timeout = 60_000

async function several(tx: Tx, count: number, parents: readonly string[] = []): Promise<string[]> {
  const ids: string[] = []
  for (let n = 0; n < count; n += 1) ids.push(await make(tx, { parents: [...parents] }))
  return ids
}

/** How often each kind of event happened to tasks other than `id`. */
async function told(reader: Reader, id: string): Promise<Record<string, number>> {
  const rows = await reader.all<{ kind: string; count: number }>(sql`
    select kind, count(*) as count from task_events where task_id <> ${id} group by kind`)
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]))
}

forEachBoard((open, dialect) => {
  test('a parent of five hundred frees each of them once, and takes each back', {
    timeout,
  }, async () => {
    const store = await open()
    const parent = await store.write(async (tx) => {
      const parent = await make(tx)
      await several(tx, 500, [parent])
      return parent
    })
    await store.write((tx) => complete(tx, parent, {}))
    await store.read(async (reader) => {
      expect((await stats(reader)).by_status).toMatchObject({ todo: 0, ready: 500, done: 1 })
      expect(await told(reader, parent)).toEqual({ created: 500, promoted: 500 })
      expect(await progress(reader, parent)).toEqual({ done: 0, total: 500 })
    })
    await store.write((tx) => reopen(tx, parent))
    await store.read(async (reader) => {
      expect((await stats(reader)).by_status).toMatchObject({ todo: 500, ready: 1 })
      expect(await told(reader, parent)).toEqual({ created: 500, promoted: 500, status: 500 })
      await expectInvariants(reader)
    })
  })

  test('a child of five hundred waits for the last of them', { timeout }, async () => {
    const store = await open()
    await store.write(async (tx) => {
      const parents = await several(tx, 500)
      const child = await make(tx, { parents })
      for (const parent of parents) {
        expect((await getTask(tx, child)).status).toBe('todo')
        await complete(tx, parent, {})
      }
      expect((await getTask(tx, child)).status).toBe('ready')
      await expectInvariants(tx)
    })
  })

  test('a circle of thousands is refused in a sentence that can be read', { timeout }, async () => {
    const store = await open()
    const length = dialect === 'sqlite' ? 20_000 : 1_000
    await store.write(async (tx) => {
      const chain = Array.from({ length }, (_, n) => `t_${n.toString(16).padStart(8, '0')}`)
      await tx.run(sql`
        insert into tasks (id, title, status, created_at) values (${chain[0] ?? ''}, 'a', 'ready', 0),
          (${chain.at(-1) ?? ''}, 'z', 'todo', 0)`)
      for (const [n, id] of chain.slice(1).entries()) {
        await tx.run(
          sql`insert into task_links (parent_id, child_id) values (${chain[n] ?? ''}, ${id})`,
        )
      }
      const refusal = await refusalOf(link(tx, chain.at(-1) ?? '', chain[0] ?? ''))
      expect(refusal).toMatch(/^meaningless: .*would close a circle: t_00000000 -> t_00000001 -> /)
      expect(refusal).toContain(` -> (${length + 1 - 10} more) -> `)
      expect(refusal.length).toBeLessThan(400)
    })
  })

  test('a task of a thousand runs and a thousand comments shows them all, in order', {
    timeout,
  }, async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await make(tx)
      for (let n = 1; n <= 1_000; n += 1) {
        await block(tx, id, { reason: `reason ${n}` })
        await unblock(tx, id)
        await comment(tx, id, 'ann', `comment ${n}`)
      }
      const shown = await show(tx, id, 50)
      const numbers = Array.from({ length: 1_000 }, (_, n) => n + 1)
      expect(shown.runs.map((run) => run.summary)).toEqual(numbers.map((n) => `reason ${n}`))
      expect(shown.comments.map((one) => one.body)).toEqual(numbers.map((n) => `comment ${n}`))
      expect(shown.events).toHaveLength(50)
      expect(shown.events.at(-1)?.kind).toBe('commented')
      expect(shown.latest_summary).toBe('reason 1000')
      await expectInvariants(tx)
    })
  })

  test('a hundred tenants see their own fifty tasks, in their order', { timeout }, async () => {
    const store = await open()
    const each = dialect === 'sqlite' ? 50 : 10
    await store.write(async (tx) => {
      for (let n = 0; n < 100 * each; n += 1) {
        await make(tx, { tenant: `tenant ${n % 100}`, priority: n % 7, title: `task ${n}` })
      }
    })
    await store.read(async (reader) => {
      for (let tenant = 0; tenant < 100; tenant += 1) {
        const own = await list(reader, { tenant: `tenant ${tenant}` })
        expect(own).toHaveLength(each)
        expect(own.every((task) => task.tenant === `tenant ${tenant}`)).toBe(true)
        const priorities = own.map((task) => task.priority)
        expect(priorities).toEqual(priorities.toSorted((a, b) => b - a))
      }
      expect((await stats(reader)).by_status.ready).toBe(100 * each)
      expect(await list(reader, { tenant: 'tenant' })).toEqual([])
      expect(await list(reader, { limit: 7 })).toHaveLength(7)
    })
  })
})
