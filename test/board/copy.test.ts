/** A board between a file and a server, there and back: it is the same board, and half of one is never seen. */

import { describe, expect, inject, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { copyBoard } from '../../src/board/copy/copy.ts'
import { feed } from '../../src/board/feed.ts'
import { link } from '../../src/board/links.ts'
import { settle } from '../../src/board/settle.ts'
import type { Dialect } from '../../src/store/sql.ts'
import { sql } from '../../src/store/sql.ts'
import type { Store } from '../../src/store/store.ts'
import { newStore } from '../support/stores.ts'
import { expectInvariants } from './invariants.ts'
import { everything, make, refusalOf, take, taskIn, withSchema } from './support.ts'

const policy = { limit: 5, source: 'default', delay: 5 } as const

const open = async (dialect: Dialect): Promise<Store> => withSchema(await newStore[dialect]())

/** With what a life leaves: every status at rest, links, failures, hand-offs, odd text, and numbers of rows that are gone. */
async function lived(dialect: Dialect): Promise<Store> {
  const store = await open(dialect)
  await store.write(async (tx) => {
    for (const status of ['triage', 'todo', 'ready', 'blocked', 'done', 'archived']) {
      await taskIn(tx, status)
    }
    const parent = await make(tx, { title: 'ein "Wörtchen" \\ 板\n\u{1f4a5}', priority: -3 })
    await link(tx, parent, await make(tx, { skills: ['one', 'two'], idempotency_key: 'k' }))
    const failed = await take(tx, parent)
    await settle(tx, parent, failed, { how: 'runner_gone', pid: 7 }, policy)
    const fence = await take(tx, parent)
    await complete(tx, parent, { fence, summary: 'so', metadata: { deep: [1, { a: null }] } })
    await comment(tx, parent, 'ann', 'a word')
    await archive(tx, parent)
  })
  await store.write((tx) =>
    tx.run(sql`
    delete from task_events where id = (select max(id) from task_events)`),
  )
  return store
}

function copy(from: Store, to: Store | null) {
  return copyBoard({
    from: { slug: 'default', store: from },
    to: to && { slug: 'default', store: to },
    onProgress: () => {},
  })
}

async function latestNumber(store: Store): Promise<number | undefined> {
  const id = await store.write((tx) => make(tx))
  for await (const events of feed(store, 0, new AbortController().signal)) {
    return events.findLast((event) => event.task_id === id)?.id
  }
  return undefined
}

describe.skipIf(inject('pgUrl') === undefined)('on both databases', () => {
  for (const [here, there] of [
    ['sqlite', 'postgres'],
    ['postgres', 'sqlite'],
  ] as const) {
    test(`a board that is copied from ${here} to ${there} and back is the same`, async () => {
      const [first, second, third] = [await lived(here), await open(there), await open(here)]
      const before = await first.read(everything)
      const told = await copy(first, second)
      expect(told).toMatchObject({ changed: [], left: [], missed: 0 })
      expect(told.rows).toMatchObject({ tasks: 9, task_links: 2, task_runs: 4, task_comments: 1 })
      expect(await copy(second, third)).toEqual(told)
      for (const store of [second, third]) {
        expect(await store.read(everything)).toEqual(before)
        await store.read(expectInvariants)
      }
      expect(await first.read(everything)).toEqual(before)
      // A number that was given before is not given again, though nobody has it any more.
      const next = await latestNumber(first)
      expect(next).toBeGreaterThan(0)
      for (const store of [second, third]) expect(await latestNumber(store)).toBe(next)
    })

    test(`from ${here} to ${there}, what is at work or would be mixed is refused, and nothing is written`, async () => {
      const [from, to] = [await lived(here), await open(there)]
      expect(await copy(from, null)).toMatchObject({ missed: 0 })
      const running = await from.write((tx) => taskIn(tx, 'running'))
      expect(await refusalOf(copy(from, to))).toMatch(
        new RegExp(`^conflict: .*cannot be copied.*${running}`),
      )
      expect(await to.read(everything)).toMatchObject({ tasks: [], events: [] })
      await to.write((tx) => make(tx))
      await from.write((tx) => archive(tx, running))
      const other = await to.read(everything)
      expect(await refusalOf(copy(from, to))).toMatch(/^conflict: there is a board default with/)
      expect(await to.read(everything)).toEqual(other)
    })
  }
})
