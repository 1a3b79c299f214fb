/** The system's time may be set while runs are under way. Leaps of any size are in the walks too. */

import { expect, test } from 'vitest'
import { complete } from '../../src/board/complete.ts'
import { heartbeat } from '../../src/board/heartbeat.ts'
import { getRun, latestEventId } from '../../src/board/history.ts'
import { release } from '../../src/board/reclaim.ts'
import { stats } from '../../src/board/stats.ts'
import { expectInvariants } from '../board/invariants.ts'
import { dispatched, forEachBoard, make, refusalOf, stoppedClock, take } from '../board/support.ts'

const gone = { host_local: false, terminated: false, sigkill: false }
const hour = 3_600

forEachBoard((open) => {
  test('a clock that goes back ends nothing early: no run before its start, no lease before its time', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    const started = clock()
    const { id, fence } = await store.write(async (tx) => {
      const id = await make(tx)
      return { id, fence: await take(tx, id, dispatched({ ttl: 60 })) }
    })
    const before = await store.read(latestEventId)
    clock.pass(-hour)
    expect(await store.write((tx) => release(tx, id, fence.run, gone))).toBe(false)
    await store.write((tx) => heartbeat(tx, id, { fence, ttl: 60 }))
    await store.write((tx) => make(tx))
    await store.write((tx) => complete(tx, id, { fence, summary: 'so' }))
    await store.read(async (reader) => {
      expect(await getRun(reader, fence.run)).toMatchObject({
        started_at: started,
        ended_at: started,
        outcome: 'completed',
      })
      expect((await stats(reader)).oldest_ready_age_seconds).toBe(0)
      expect(await latestEventId(reader)).toBeGreaterThan(before)
      await expectInvariants(reader)
    })
    clock.pass(-hour)
    expect((await store.read(stats)).oldest_ready_age_seconds).toBe(0)
  })

  test('a clock that leaps a day ahead lets a lease go, and tells a late worker so', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    const { id, fence } = await store.write(async (tx) => {
      const id = await make(tx)
      return { id, fence: await take(tx, id) }
    })
    clock.pass(24 * hour)
    expect(await store.write((tx) => release(tx, id, fence.run, gone))).toBe(true)
    const late = store.write((tx) => complete(tx, id, { fence, summary: 'so' }))
    expect(await refusalOf(late)).toBe(
      `run_ended: run ${fence.run} of ${id} was ended: reclaimed; state unchanged, stop working on it`,
    )
    await store.read(expectInvariants)
  })
})
