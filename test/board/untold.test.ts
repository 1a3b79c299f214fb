import { expect, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { block, unblock } from '../../src/board/block.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { reopen } from '../../src/board/reopen.ts'
import {
  disown,
  own,
  type Place,
  pass,
  refused,
  subscribe,
  subscriptions,
  toldBy,
} from '../../src/board/subscriptions.ts'
import { nextUntold, untold } from '../../src/board/untold.ts'
import { sql } from '../../src/store/sql.ts'
import type { Tx } from '../../src/store/store.ts'
import { forEachBoard, make } from './support.ts'

const place = (task_id: string, more: Partial<Place> = {}): Place => ({
  task_id,
  platform: 'telegram',
  chat_id: '1',
  thread_id: '',
  ...more,
})

async function told(tx: Tx, more: Partial<Place> = {}): Promise<Place> {
  const at = place(await make(tx, { assignee: 'writer' }), more)
  await subscribe(tx, at, null)
  return at
}

forEachBoard((open) => {
  test('those who have something to be told are found, who waits longest first', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const [first, second, third] = [await told(tx), await told(tx), await told(tx)]
      await comment(tx, third.task_id, 'ann', 'of no interest')
      expect(await untold(tx)).toEqual([])
      await block(tx, second.task_id, { reason: 'why?' })
      await block(tx, first.task_id, {})
      await unblock(tx, first.task_id)
      expect(await untold(tx)).toEqual([second, first])
      expect(await untold(tx, [first.task_id, third.task_id])).toEqual([first])
      expect(await untold(tx, [])).toEqual([])
    })
  })

  test('what there is to say is told event by event, and ends with the task', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const at = await told(tx)
      await block(tx, at.task_id, { reason: 'why?' })
      await unblock(tx, at.task_id)
      await complete(tx, at.task_id, { summary: 'so' })
      const asked = await nextUntold(tx, at)
      expect(asked).toMatchObject({
        event: { kind: 'blocked', payload: { reason: 'why?' } },
        task: { id: at.task_id, status: 'done', assignee: 'writer' },
        run: { summary: 'why?', outcome: 'blocked' },
        owner: null,
        now: tx.now,
      })
      await toldBy(tx, at, asked?.event.id ?? 0, 'us')
      const done = await nextUntold(tx, at)
      expect(done).toMatchObject({
        event: { kind: 'completed' },
        run: { summary: 'so' },
        owner: 'us',
        owner_until: tx.now + 60,
      })
      await toldBy(tx, at, done?.event.id ?? 0, 'us')
      expect(await subscriptions(tx)).toEqual([])
      expect(await nextUntold(tx, at)).toBeUndefined()
    })
  })

  test('it goes on where the task does, and ends in silence with one that is put away', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const at = await told(tx)
      await complete(tx, at.task_id, {})
      await reopen(tx, at.task_id)
      const done = await nextUntold(tx, at)
      await toldBy(tx, at, done?.event.id ?? 0, 'us')
      expect(await subscriptions(tx)).toHaveLength(1)
      await archive(tx, at.task_id)
      const away = await nextUntold(tx, at)
      expect(away?.event.kind).toBe('archived')
      await pass(tx, at, away?.event.id ?? 0)
      expect(await subscriptions(tx)).toEqual([])
    })
  })

  test('one owner at a time, until its time is over or it lets go', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const at = await told(tx)
      const [{ last_event_id: last = 0 } = {}] = await subscriptions(tx)
      expect(await own(tx, at, 'us', last - 1)).toBe(false)
      expect(await own(tx, at, 'us', last)).toBe(true)
      expect(await own(tx, at, 'us', last)).toBe(true)
      expect(await own(tx, at, 'them', last)).toBe(false)
      await disown(tx, at, 'them')
      expect(await own(tx, at, 'them', last)).toBe(false)
      await disown(tx, at, 'us')
      expect(await own(tx, at, 'them', last)).toBe(true)
      await tx.run(sql`update kanban_notify_subs set owner_until = ${tx.now - 1}`)
      expect(await own(tx, at, 'us', last)).toBe(true)
    })
  })

  test('refusals are counted in a row', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const at = await told(tx)
      await block(tx, at.task_id, {})
      expect([await refused(tx, at), await refused(tx, at)]).toEqual([1, 2])
      const next = await nextUntold(tx, at)
      await toldBy(tx, at, next?.event.id ?? 0, 'us')
      expect(await refused(tx, at)).toBe(1)
      expect(await refused(tx, place('t_gone'))).toBe(0)
    })
  })
})
