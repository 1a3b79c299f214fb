import { expect, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { complete } from '../../src/board/complete.ts'
import { parents } from '../../src/board/history.ts'
import { link, unlink } from '../../src/board/links.ts'
import { progress } from '../../src/board/list.ts'
import { move } from '../../src/board/move.ts'
import { sql } from '../../src/store/sql.ts'
import type { Reader } from '../../src/store/store.ts'
import { expectInvariants } from './invariants.ts'
import { together } from './peer.ts'
import {
  everything,
  forEachBoard,
  kinds,
  lastEvent,
  make,
  refusalOf,
  take,
  taskIn,
  taskRow,
} from './support.ts'

async function statusOf(reader: Reader, id: string): Promise<string> {
  return (await taskRow(reader, id)).status
}

forEachBoard((open) => {
  test('a circle is refused and its path is named', async () => {
    const store = await open()
    const [a, b, c] = await store.write(async (tx) => {
      const a = await make(tx)
      const b = await make(tx, { parents: [a] })
      return [a, b, await make(tx, { parents: [b] })] as const
    })
    const before = await store.read(everything)
    const refusal = await refusalOf(store.write((tx) => link(tx, c, a)))
    expect(refusal).toBe(
      `meaningless: ${c} -> ${a} would close a circle: ${a} -> ${b} -> ${c} -> ${a}; unlink one of these first`,
    )
    expect(await store.read(everything)).toEqual(before)
  })

  test('a circle through the longer of two ways round is found', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const top = await make(tx)
      const sides = [await make(tx, { parents: [top] }), await make(tx, { parents: [top] })]
      const low = await make(tx, { parents: sides })
      const end = await make(tx, { parents: [low, top] })
      expect(await refusalOf(link(tx, end, sides[1] ?? ''))).toContain('circle')
      expect(await link(tx, top, low)).toBe(true)
    })
  })

  test('a task does not wait for itself', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx))
    const refusal = await refusalOf(store.write((tx) => link(tx, id, id)))
    expect(refusal).toBe(`meaningless: ${id} cannot wait for itself: name two tasks`)
  })

  test('both ends of a link must exist', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx))
    const before = await store.read(everything)
    expect(await refusalOf(store.write((tx) => link(tx, 't_00000000', id)))).toBe(
      'meaningless: this parent does not exist: t_00000000',
    )
    expect(await refusalOf(store.write((tx) => link(tx, id, 't_00000000')))).toBe(
      'not_found: there is no task t_00000000 on this board',
    )
    expect(await store.read(everything)).toEqual(before)
  })

  test('linking twice changes nothing the second time', async () => {
    const store = await open()
    const [parent, child] = await store.write(
      async (tx) => [await make(tx), await make(tx)] as const,
    )
    expect(await store.write((tx) => link(tx, parent, child))).toBe(true)
    const before = await store.read(everything)
    expect(await store.write((tx) => link(tx, parent, child))).toBe(false)
    expect(await store.read(everything)).toEqual(before)
  })

  test('a ready child that is given an open parent goes back to todo, and both ends are told', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const [parent, child] = [await make(tx), await make(tx)]
      await link(tx, parent, child)
      expect(await statusOf(tx, child)).toBe('todo')
      expect(await kinds(tx, child)).toEqual(['created', 'linked', 'status'])
      expect(await kinds(tx, parent)).toEqual(['created', 'linked'])
      expect(await lastEvent(tx, child)).toMatchObject({
        run_id: null,
        payload: { status: 'todo', reason: 'linked', parent },
      })
      expect(await lastEvent(tx, parent)).toMatchObject({ payload: { parent, child } })
      expect((await parents(tx, child)).map(({ id }) => id)).toEqual([parent])
    })
  })

  test('a parent that is finished or put away holds nobody back', async () => {
    const store = await open()
    await store.write(async (tx) => {
      for (const status of ['done', 'archived']) {
        const child = await make(tx)
        await link(tx, await taskIn(tx, status), child)
        expect(await statusOf(tx, child)).toBe('ready')
      }
    })
  })

  test('a child that is running goes on, and waits once it is freed', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const [parent, child] = [await make(tx), await make(tx)]
      const fence = await take(tx, child)
      await link(tx, parent, child)
      expect(await statusOf(tx, child)).toBe('running')
      await move(tx, 'release', child, { fence })
      expect(await statusOf(tx, child)).toBe('todo')
      await expectInvariants(tx)
    })
  })

  test('unlinking the last open parent promotes the child, and no other does', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const [one, two] = [await make(tx), await make(tx)]
      const child = await make(tx, { parents: [one, two] })
      expect(await unlink(tx, one, child)).toBe(true)
      expect(await statusOf(tx, child)).toBe('todo')
      expect(await unlink(tx, two, child)).toBe(true)
      expect(await statusOf(tx, child)).toBe('ready')
      expect(await kinds(tx, child)).toEqual(['created', 'unlinked', 'unlinked', 'promoted'])
      expect(await lastEvent(tx, two)).toMatchObject({
        kind: 'unlinked',
        payload: { parent: two, child },
      })
      expect(await unlink(tx, two, child)).toBe(false)
    })
  })

  test('unlinking leaves a parked child where it is', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const parent = await make(tx)
      const child = await make(tx, { triage: true, parents: [parent] })
      await unlink(tx, parent, child)
      expect(await statusOf(tx, child)).toBe('triage')
    })
  })

  test('two links that would close a circle, made at once by two processes, leave one', async () => {
    const store = await open()
    const [a, b] = await store.write(async (tx) => [await make(tx), await make(tx)] as const)
    const answers = await together(store, [
      { do: 'link', parent: a, child: b },
      { do: 'link', parent: b, child: a },
    ])
    expect(answers.filter(({ done }) => done === true)).toHaveLength(1)
    expect(answers.find(({ threw }) => threw)?.threw).toMatch(/^meaningless: .* close a circle/)
    await store.read(async (reader) => {
      expect(await reader.all(sql`select * from task_links`)).toHaveLength(1)
      await expectInvariants(reader)
    })
  })

  test('two parents that are completed at once leave their child ready', async () => {
    const store = await open()
    const other = await open({ beside: store })
    for (let round = 0; round < 10; round += 1) {
      const [one, two, child] = await store.write(async (tx) => {
        const both = [await make(tx), await make(tx)] as const
        return [...both, await make(tx, { parents: [...both] })] as const
      })
      await Promise.all([
        store.write((tx) => complete(tx, one, { summary: 'one' })),
        other.write<unknown>((tx) => (round % 2 === 0 ? complete(tx, two, {}) : archive(tx, two))),
      ])
      expect(await store.read((reader) => statusOf(reader, child))).toBe('ready')
      expect(await store.read((reader) => kinds(reader, child))).toEqual(['created', 'promoted'])
    }
  })

  test('the progress of a parent counts the children that are finished or put away', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const parent = await make(tx)
      expect(await progress(tx, parent)).toBeNull()
      for (const status of ['done', 'archived', 'ready', 'blocked']) {
        await link(tx, parent, await taskIn(tx, status))
      }
      expect(await progress(tx, parent)).toEqual({ done: 2, total: 4 })
    })
  })
})
