import { expect, test } from 'vitest'
import { assign } from '../../src/board/assign.ts'
import { unblock } from '../../src/board/block.ts'
import { holds } from '../../src/board/holds.ts'
import { noteSession } from '../../src/board/session.ts'
import { settle } from '../../src/board/settle.ts'
import { shift } from '../../src/board/shift.ts'
import type { Tx } from '../../src/store/store.ts'
import { forEachBoard, make, runRows, stoppedClock, take, taskRow } from './support.ts'

const clock = stoppedClock()
const policy = { limit: 5, source: 'default', delay: 5 } as const

async function lockedOut(tx: Tx): Promise<string> {
  const id = await make(tx, { assignee: 'writer' })
  const fence = await take(tx, id)
  const end = { how: 'locked_out', exit: null, reason: 'log in', profile: 'writer' } as const
  await settle(tx, id, fence, end, policy)
  return id
}

forEachBoard((open) => {
  test('a profile that is not logged in is held, until somebody lets its task go on', async () => {
    const store = await open({ clock })
    const id = await store.write(lockedOut)
    await store.read(async (reader) => {
      expect(await taskRow(reader, id)).toMatchObject({ status: 'blocked', block_kind: 'login' })
      expect(await holds(reader)).toMatchObject([
        { scope: 'profile', key: expect.stringMatching(/^writer(@1)?$/), reason: 'log in' },
      ])
    })
    await store.write((tx) => unblock(tx, id))
    await store.read(async (reader) => {
      expect(await taskRow(reader, id)).toMatchObject({ status: 'ready', block_kind: null })
      expect(await holds(reader)).toEqual([])
    })
  })

  test('to drag such a task on lifts the hold as well, and to park it does not', async () => {
    const store = await open({ clock })
    const [moved, parked] = [await store.write(lockedOut), await store.write(lockedOut)]
    await store.write((tx) => shift(tx, parked, 'triage'))
    expect(await store.read(holds)).toHaveLength(1)
    await store.write((tx) => shift(tx, moved, 'ready'))
    expect(await store.read(holds)).toEqual([])
  })

  test('the profile that was locked out is let in, whoever has the task by now', async () => {
    const store = await open({ clock })
    const id = await store.write(lockedOut)
    await store.write((tx) => assign(tx, id, 'reviewer'))
    await store.write((tx) => unblock(tx, id))
    expect(await store.read(holds)).toEqual([])
  })

  test('letting another task go on lifts no hold', async () => {
    const store = await open({ clock })
    await store.write(lockedOut)
    await store.write(async (tx) => {
      const other = await make(tx, { assignee: 'writer' })
      const fence = await take(tx, other)
      await settle(tx, other, fence, { how: 'unfinished', pid: 7, exit: null, said: '' }, policy)
      await unblock(tx, other)
    })
    expect(await store.read(holds)).toHaveLength(1)
  })

  test('what an agent tells of its session is kept, after the end of its run too', async () => {
    const store = await open({ clock })
    const id = await store.write(async (tx) => {
      const task = await make(tx, { assignee: 'writer' })
      const fence = await take(tx, task)
      await noteSession(tx, fence, { id: 's1', usage: null })
      await settle(tx, task, fence, { how: 'unfinished', pid: 7, exit: null, said: '' }, policy)
      await noteSession(tx, fence, { id: null, usage: { input: 3, cost: 0.5 } })
      await noteSession(tx, { ...fence, lock: 'another' }, { id: 's2', usage: null })
      return task
    })
    const [run] = await store.read((reader) => runRows(reader, id))
    expect(run?.agent_session).toBe('s1')
    expect(JSON.parse(run?.usage ?? '')).toEqual({ input: 3, cost: 0.5 })
  })
})
