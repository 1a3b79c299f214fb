import { expect, test } from 'vitest'
import { heartbeat, noteSignOfLife } from '../../src/board/heartbeat.ts'
import { events } from '../../src/board/history.ts'
import { reclaim } from '../../src/board/reclaim.ts'
import {
  dispatched,
  forEachBoard,
  make,
  refusalOf,
  runRows,
  stoppedClock,
  take,
  taskRow,
} from './support.ts'

forEachBoard((open) => {
  async function running() {
    const clock = stoppedClock()
    const store = await open({ clock })
    const id = await store.write((tx) => make(tx))
    const fence = await store.write((tx) => take(tx, id, dispatched({ ttl: 60 })))
    const start = clock()

    async function beat(note?: string): Promise<void> {
      await store.write((tx) => heartbeat(tx, id, { fence, note, ttl: 900 }))
    }
    /** When there was one, in seconds since the claim, and its note. */
    async function told(): Promise<[number, unknown][]> {
      const all = await store.read((reader) => events(reader, id, 1000))
      return all
        .filter(({ kind }) => kind === 'heartbeat')
        .map((event) => [event.created_at - start, event.payload?.note])
    }
    return { store, id, fence, clock, beat, told }
  }

  test('every heartbeat renews the claim', async () => {
    const { store, id, clock, beat } = await running()
    clock.pass(7)
    await beat()
    clock.pass(7)
    await beat()
    await store.read(async (reader) => {
      const renewed = { last_heartbeat_at: clock(), claim_expires: clock() + 900 }
      expect(await taskRow(reader, id)).toMatchObject(renewed)
      expect(await runRows(reader, id)).toMatchObject([renewed])
    })
  })

  test('a claim that is good for longer than a heartbeat renews it stays so', async () => {
    const store = await open({ clock: stoppedClock() })
    await store.write(async (tx) => {
      const id = await make(tx)
      await take(tx, id, dispatched({ ttl: 86_400 }))
      const long = { claim_expires: tx.now + 86_400 }
      expect(await heartbeat(tx, id, { ttl: 900 })).toBe(long.claim_expires)
      expect(await taskRow(tx, id)).toMatchObject(long)
      expect(await runRows(tx, id)).toMatchObject([long])
    })
  })

  test('a sign of life is one as long as the run is, and told once a minute at most', async () => {
    const { store, id, fence, clock, told } = await running()
    const sign = (own = fence) => store.write((tx) => noteSignOfLife(tx, id, own))
    for (let second = 0; second < 90; second += 30) {
      await sign()
      clock.pass(30)
    }
    const seen = { last_heartbeat_at: clock() - 30 }
    await sign({ ...fence, lock: 'another' })
    await store.read(async (reader) => {
      expect(await taskRow(reader, id)).toMatchObject(seen)
      expect(await runRows(reader, id)).toMatchObject([seen])
    })
    await store.write((tx) => reclaim(tx, id, 'no more'))
    await sign()
    expect(await told()).toEqual([
      [0, undefined],
      [60, undefined],
    ])
    await store.read(async (reader) => {
      expect(await runRows(reader, id)).toMatchObject([seen])
    })
  })

  test('without a note there is an event a minute at most', async () => {
    const { clock, beat, told } = await running()
    for (let second = 0; second <= 150; second += 5) {
      await beat()
      clock.pass(5)
    }
    expect(await told()).toEqual([
      [0, undefined],
      [60, undefined],
      [120, undefined],
    ])
  })

  test('with a note there is one every ten seconds at most', async () => {
    const { clock, beat, told } = await running()
    for (let second = 0; second <= 30; second += 4) {
      await beat(`at ${second}\nmore`)
      clock.pass(4)
    }
    expect(await told()).toEqual([
      [0, 'at 0'],
      [12, 'at 12'],
      [24, 'at 24'],
    ])
  })

  test('a note of a megabyte does not make an event of one', async () => {
    const { beat, told } = await running()
    await beat('x'.repeat(1024 * 1024))
    const [[, note] = []] = await told()
    expect(String(note).length).toBeLessThanOrEqual(400)
    expect(note).toMatch(/bytes cut\]$/)
  })

  test('the pause between events is of one run, not of the task', async () => {
    const { store, id, beat, told } = await running()
    await beat('first')
    await store.write(async (tx) => {
      await reclaim(tx, id, 'user')
      const fence = await take(tx, id)
      await heartbeat(tx, id, { fence, note: 'second', ttl: 900 })
    })
    expect(await told()).toEqual([
      [0, 'first'],
      [0, 'second'],
    ])
  })

  test('a task that nobody works on has no heartbeat', async () => {
    const { store } = await running()
    const id = await store.write((tx) => make(tx))
    expect(await refusalOf(store.write((tx) => heartbeat(tx, id, { ttl: 900 })))).toBe(
      `wrong_status: ${id} has no heartbeat to renew: it is ready, not running`,
    )
  })
})
