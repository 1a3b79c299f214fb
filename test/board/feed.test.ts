import { expect, test } from 'vitest'
import { comment } from '../../src/board/comment.ts'
import { feed } from '../../src/board/feed.ts'
import { eventsAfter, latestEventId } from '../../src/board/history.ts'
import type { Event } from '../../src/model/event.ts'
import { sql } from '../../src/store/sql.ts'
import type { Store } from '../../src/store/store.ts'
import { together } from './peer.ts'
import { forEachBoard, make } from './support.ts'

/** The first `count` events after `since`; then it stops. */
async function take(store: Store, since: number, count: number): Promise<Event[]> {
  const stop = new AbortController()
  const seen: Event[] = []
  for await (const batch of feed(store, since, stop.signal)) {
    seen.push(...batch)
    if (seen.length >= count) stop.abort()
  }
  return seen
}

const ids = (events: readonly Event[]) => events.map((event) => event.id)

/** What a feed did not wait for yet, so that a test can. */
function watched(store: Store): { store: Store; waiting: Promise<void>; listeners(): number } {
  const waiting = Promise.withResolvers<void>()
  let listeners = 0
  let looks = 0
  const wrapped: Store = {
    ...store,
    async read(body) {
      const result = await store.read(body)
      looks += 1
      if (looks === 1) waiting.resolve()
      return result
    },
    watch(listener) {
      listeners += 1
      const stop = store.watch(listener)
      return () => {
        listeners -= 1
        stop()
      }
    },
  }
  return { store: wrapped, waiting: waiting.promise, listeners: () => listeners }
}

forEachBoard((open) => {
  test('events come in order and none is left out while four processes write', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx))
    const feeding = take(store, 0, 1 + 4 * 50)
    const jobs = Array.from({ length: 3 }, () => ({ do: 'comment', task: id, times: 50 }) as const)
    const ours = async () => {
      for (let n = 0; n < 50; n += 1) {
        await store.write((tx) => comment(tx, id, 'ours', `${n}`))
      }
    }
    const [answers] = await Promise.all([together(store, jobs), ours()])
    expect(answers.filter(({ threw }) => threw)).toEqual([])
    const seen = ids(await feeding)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen).toEqual(ids(await store.read((reader) => eventsAfter(reader, 0, 1000))))
    expect(seen).toHaveLength(201)
  })

  test('a feed goes on after the event that was seen last', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx))
    const since = await store.read(latestEventId)
    const after = await store.write(async (tx) => {
      await comment(tx, id, 'ann', 'one')
      await comment(tx, id, 'ann', 'two')
      return since
    })
    const seen = await take(store, after, 2)
    expect(seen.map((event) => event.kind)).toEqual(['commented', 'commented'])
    expect(seen[0]?.id).toBeGreaterThan(since)
  })

  test('a long history comes in steps, complete', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx))
    await store.write((tx) =>
      tx.run(sql`
        insert into task_events (task_id, kind, created_at)
        with recursive n(i) as (select 1 union all select i + 1 from n where i < 999)
        select ${id}, 'heartbeat', i from n`),
    )
    const stop = new AbortController()
    const sizes: number[] = []
    for await (const batch of feed(store, 0, stop.signal)) {
      sizes.push(batch.length)
      if (sizes.reduce((sum, size) => sum + size) === 1000) stop.abort()
    }
    expect(sizes).toEqual([200, 200, 200, 200, 200])
  })

  test('a feed that waits ends when it is told to, and listens no more', async () => {
    const quiet = watched(await open())
    const stop = new AbortController()
    const next = feed(quiet.store, 0, stop.signal).next()
    await quiet.waiting
    expect(quiet.listeners()).toBe(1)
    stop.abort()
    expect(await next).toEqual({ done: true, value: undefined })
    expect(quiet.listeners()).toBe(0)
  })

  test('a feed that was stopped before it began looks at nothing', async () => {
    const quiet = watched(await open())
    const events = feed(quiet.store, 0, AbortSignal.abort())
    expect(await events.next()).toEqual({ done: true, value: undefined })
    expect(quiet.listeners()).toBe(0)
  })

  test('a feed whose reader walks away listens no more', async () => {
    const quiet = watched(await open())
    await quiet.store.write((tx) => make(tx))
    const stop = new AbortController()
    for await (const _ of feed(quiet.store, 0, stop.signal)) break
    expect(quiet.listeners()).toBe(0)
  })

  test('what is written between the look and the wait is not missed', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx))
    const since = await store.read(latestEventId)
    let ring = (): void => {}
    let looks = 0
    const sly: Store = {
      ...store,
      // Rings only here, within the look that found nothing, and never again.
      watch(listener) {
        ring = listener
        return () => {}
      },
      async read(body) {
        const found = await store.read(body)
        looks += 1
        if (looks === 1) {
          await store.write((tx) => comment(tx, id, 'ann', 'quick'))
          ring()
        }
        return found
      },
    }
    const [event] = await take(sly, since, 1)
    expect(event?.kind).toBe('commented')
    expect(looks).toBe(2)
  })

  test('a board that fails ends the feed with what failed', async () => {
    const store = await open()
    await store.close()
    const events = feed(store, 0, new AbortController().signal)
    await expect(events.next()).rejects.toThrow('is closed')
  })
})
