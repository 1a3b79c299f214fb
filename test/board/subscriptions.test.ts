import { expect, test } from 'vitest'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { latestEventId } from '../../src/board/history.ts'
import {
  advance,
  type Place,
  subscribe,
  subscriptions,
  unseen,
  unsubscribe,
} from '../../src/board/subscriptions.ts'
import type { Reader } from '../../src/store/store.ts'
import { forEachBoard, make, refusalOf } from './support.ts'

const chat = (task_id: string, more: Partial<Place> = {}): Place => ({
  task_id,
  platform: 'telegram',
  chat_id: '12345',
  thread_id: '',
  ...more,
})

async function only(reader: Reader, task: string) {
  const [one] = await subscriptions(reader, task)
  if (one === undefined) throw new Error('there is none')
  return one
}

forEachBoard((open) => {
  test('a subscription begins with what happens next', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await make(tx)
      await comment(tx, id, 'ann', 'before')
      expect(await subscribe(tx, chat(id), 'ann')).toBe(true)
      const made = await only(tx, id)
      expect(made).toEqual({
        ...chat(id),
        user_id: 'ann',
        created_at: tx.now,
        last_event_id: await latestEventId(tx),
        send_failures: 0,
      })
      expect(await unseen(tx, made, 10)).toEqual([])
      await comment(tx, await make(tx), 'ann', 'elsewhere')
      await complete(tx, id, { summary: 'so' })
      expect((await unseen(tx, made, 10)).map(({ kind }) => kind)).toEqual(['completed'])
    })
  })

  test('to subscribe again changes nothing, in another thread it is another one', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await make(tx)
      await subscribe(tx, chat(id), null)
      const before = await only(tx, id)
      await comment(tx, id, 'ann', 'meanwhile')
      expect(await subscribe(tx, chat(id), 'bob')).toBe(false)
      expect(await only(tx, id)).toEqual(before)
      for (const more of [{ thread_id: '7' }, { chat_id: '9' }, { platform: 'slack' }]) {
        expect(await subscribe(tx, chat(id, more), null)).toBe(true)
      }
      expect(await subscriptions(tx, id)).toHaveLength(4)
      expect(await subscribe(tx, chat(await make(tx)), null)).toBe(true)
      expect(await subscriptions(tx)).toHaveLength(5)
    })
  })

  test('the cursor goes on event by event, and never back', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await make(tx)
      await subscribe(tx, chat(id), null)
      for (const word of ['one', 'two', 'three']) await comment(tx, id, 'ann', word)
      const [first, second, third] = await unseen(tx, await only(tx, id), 10)
      expect(await unseen(tx, await only(tx, id), 1)).toEqual([first])
      await advance(tx, chat(id), first?.id ?? 0)
      expect(await unseen(tx, await only(tx, id), 10)).toEqual([second, third])
      await advance(tx, chat(id), third?.id ?? 0)
      await advance(tx, chat(id), first?.id ?? 0)
      expect(await only(tx, id)).toMatchObject({ last_event_id: third?.id, send_failures: 0 })
    })
  })

  test('it ends once, and is only had of a task that exists', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await make(tx)
      await subscribe(tx, chat(id), null)
      expect(await unsubscribe(tx, chat(id, { thread_id: '7' }))).toBe(false)
      expect(await unsubscribe(tx, chat(id))).toBe(true)
      expect(await unsubscribe(tx, chat(id))).toBe(false)
      expect(await subscriptions(tx)).toEqual([])
    })
    expect(await refusalOf(store.write((tx) => subscribe(tx, chat('t_00000000'), null)))).toContain(
      'not_found: ',
    )
  })
})
