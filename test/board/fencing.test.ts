import { expect, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { block } from '../../src/board/block.ts'
import { claim } from '../../src/board/claim.ts'
import { complete } from '../../src/board/complete.ts'
import { heartbeat, renew } from '../../src/board/heartbeat.ts'
import { reclaim } from '../../src/board/reclaim.ts'
import { adoptRun, exited, start } from '../../src/board/start.ts'
import type { Fence } from '../../src/model/run.ts'
import type { Tx } from '../../src/store/store.ts'
import {
  dispatched,
  everything,
  forEachBoard,
  kinds,
  make,
  refusalOf,
  runRows,
  stoppedClock,
  take,
  taskRow,
  token,
} from './support.ts'

const worker = { pid: 7, start: 'boot:7', workspace: '/tmp' }

/** Everything that a worker, or its runner for it, writes. */
const writes: Record<string, (tx: Tx, id: string, fence: Fence) => Promise<unknown>> = {
  complete: (tx, id, fence) => complete(tx, id, { fence, summary: 'late' }),
  'complete with cards': (tx, id, fence) =>
    complete(tx, id, { fence, summary: 'late', createdCards: ['t_00000000'] }),
  block: (tx, id, fence) => block(tx, id, { fence, reason: 'late' }),
  heartbeat: (tx, id, fence) => heartbeat(tx, id, { fence, ttl: 900, note: 'late' }),
  start: (tx, id, fence) => start(tx, id, fence, worker),
}

/** How a worker can lose its claim, and what it is told. */
const losses: Record<string, [(tx: Tx, id: string) => Promise<unknown>, string]> = {
  'was reclaimed': [(tx, id) => reclaim(tx, id, 'user'), 'reclaimed'],
  'was completed by somebody': [(tx, id) => complete(tx, id, { summary: 'so' }), 'completed'],
  'was blocked by somebody': [(tx, id) => block(tx, id, { reason: 'why' }), 'blocked'],
  'was archived': [(tx, id) => archive(tx, id), 'reclaimed'],
  'went to another worker': [
    async (tx, id) => {
      await reclaim(tx, id, 'user')
      await take(tx, id)
    },
    'reclaimed',
  ],
}

forEachBoard((open) => {
  test('a worker that lost its claim changes nothing and is told how its run ended', async () => {
    const store = await open()
    for (const [how, [lose, outcome]] of Object.entries(losses)) {
      const { id, fence } = await store.write(async (tx) => {
        const id = await make(tx)
        const fence = await take(tx, id)
        await lose(tx, id)
        return { id, fence }
      })
      const before = await store.read(everything)
      for (const [verb, write] of Object.entries(writes)) {
        const refusal = await refusalOf(store.write((tx) => write(tx, id, fence)))
        expect(refusal, `${verb}, when its task ${how}`).toBe(
          `run_ended: run ${fence.run} of ${id} was ended: ${outcome}; state unchanged, stop working on it`,
        )
      }
      expect(await store.read(everything)).toEqual(before)
    }
  })

  test('the right run with the wrong token is refused', async () => {
    const store = await open()
    const { id, fence } = await store.write(async (tx) => {
      const id = await make(tx)
      return { id, fence: await take(tx, id) }
    })
    const before = await store.read(everything)
    const forged = { run: fence.run, lock: fence.lock.replace(/[^:]*$/, token(666)) }
    for (const [verb, write] of Object.entries(writes)) {
      const refusal = await refusalOf(store.write((tx) => write(tx, id, forged)))
      expect(refusal, verb).toContain(`run_ended: run ${fence.run} of ${id} was ended: not yours`)
    }
    await store.write((tx) => renew(tx, id, forged, 9000))
    expect(await store.write((tx) => adoptRun(tx, forged, worker))).toBe(false)
    expect(await store.read(everything)).toEqual(before)
  })

  test('the right token with the number of another run is refused', async () => {
    const store = await open()
    const { id, wrong, before } = await store.write(async (tx) => {
      const id = await make(tx)
      const { lock } = await take(tx, id)
      const other = await take(tx, await make(tx))
      return { id, wrong: { run: other.run, lock }, before: await everything(tx) }
    })
    for (const [verb, write] of Object.entries(writes)) {
      const refusal = await refusalOf(store.write((tx) => write(tx, id, wrong)))
      expect(refusal, verb).toContain('run_ended: ')
    }
    await store.write((tx) => renew(tx, id, wrong, 9000))
    expect(await store.read(everything)).toEqual(before)
  })

  test('the right token of another run is refused', async () => {
    const store = await open()
    const { id, other, before } = await store.write(async (tx) => {
      const id = await make(tx)
      await take(tx, id)
      const other = await take(tx, await make(tx))
      return { id, other, before: await everything(tx) }
    })
    for (const [verb, write] of Object.entries(writes)) {
      const refusal = await refusalOf(store.write((tx) => write(tx, id, other)))
      expect(refusal, verb).toContain('run_ended: ')
    }
    expect(await store.read(everything)).toEqual(before)
  })

  test('a task that is gone is said to be gone', async () => {
    const store = await open()
    for (const [verb, write] of Object.entries(writes)) {
      const fence = { run: 1, lock: dispatched().lock }
      const refusal = await refusalOf(store.write((tx) => write(tx, 't_00000000', fence)))
      expect(refusal, verb).toBe('not_found: there is no task t_00000000 on this board')
    }
  })

  test('exactly one runner adopts a run', async () => {
    const store = await open()
    const other = await open({ beside: store })
    const fence = await store.write(async (tx) => take(tx, await make(tx)))
    const adopted = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 === 0 ? store : other).write((tx) =>
          adoptRun(tx, fence, { pid: 100 + n, start: `boot:${n}` }),
        ),
      ),
    )
    expect(adopted.filter(Boolean)).toHaveLength(1)
  })

  test('a run that was taken away before its runner came is adopted by nobody', async () => {
    const store = await open()
    const { id, fence } = await store.write(async (tx) => {
      const id = await make(tx)
      const fence = await take(tx, id)
      await reclaim(tx, id, 'user')
      return { id, fence }
    })
    expect(await store.write((tx) => adoptRun(tx, fence, worker))).toBe(false)
    const claimed = await store.write((tx) => claim(tx, id, dispatched()))
    expect(await store.write((tx) => adoptRun(tx, fence, worker))).toBe(false)
    expect(await store.read((reader) => runRows(reader, id))).toMatchObject([
      { id: fence.run, runner_pid: null },
      { id: claimed.run, runner_pid: null },
    ])
  })

  test('a run has one worker', async () => {
    const store = await open()
    const { id, fence } = await store.write(async (tx) => {
      const id = await make(tx)
      const fence = await take(tx, id)
      await start(tx, id, fence, worker)
      return { id, fence }
    })
    const second = store.write((tx) => start(tx, id, fence, { ...worker, pid: 8 }))
    expect(await refusalOf(second)).toBe(
      `conflict: run ${fence.run} of ${id} has a worker already, process 7; start no other`,
    )
    await store.read(async (reader) => {
      expect(await taskRow(reader, id)).toMatchObject({ worker_pid: 7 })
      expect(await runRows(reader, id)).toMatchObject([{ worker_pid: 7, workspace: '/tmp' }])
      expect(await kinds(reader, id)).toEqual(['created', 'claimed', 'spawned'])
    })
  })

  test('renewing a run that was closed keeps its task from being claimed, and changes nothing else', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    const { id, fence } = await store.write(async (tx) => {
      const id = await make(tx)
      const fence = await take(tx, id, dispatched({ ttl: 900 }))
      await adoptRun(tx, fence, worker)
      await reclaim(tx, id, 'user')
      return { id, fence }
    })
    const before = await store.read((reader) => taskRow(reader, id))
    clock.pass(800)
    await store.write((tx) => renew(tx, id, fence, 900))
    expect(await store.read((reader) => taskRow(reader, id))).toEqual(before)
    clock.pass(800)
    expect(await refusalOf(store.write((tx) => claim(tx, id, dispatched())))).toContain(
      'still_ending: ',
    )
    await store.write((tx) => exited(tx, fence.run, null))
    const ended = await store.read((reader) => runRows(reader, id))
    await store.write((tx) => renew(tx, id, fence, 900))
    expect(await store.read((reader) => runRows(reader, id))).toEqual(ended)
    await store.write((tx) => claim(tx, id, dispatched()))
  })

  test('renewing an open run renews the claim of its task, and of no task that went elsewhere', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    const id = await store.write((tx) => make(tx))
    const first = await store.write((tx) => take(tx, id, dispatched({ ttl: 900 })))
    clock.pass(100)
    await store.write((tx) => renew(tx, id, first, 900))
    const leases = async () => {
      const { claim_expires } = await store.read((reader) => taskRow(reader, id))
      const runs = await store.read((reader) => runRows(reader, id))
      return [claim_expires, ...runs.map((run) => run.claim_expires)].map(
        (time) => (time ?? 0) - clock(),
      )
    }
    expect(await leases()).toEqual([900, 900])
    await store.write(async (tx) => {
      await reclaim(tx, id, 'user')
      await take(tx, id, dispatched({ ttl: 60 }))
    })
    await store.write((tx) => renew(tx, id, first, 5000))
    expect(await leases()).toEqual([60, 5000, 60])
  })

  test('what is written without a fence is of people, and not fenced', async () => {
    const store = await open()
    const id = await store.write(async (tx) => {
      const id = await make(tx)
      await take(tx, id)
      return id
    })
    await store.write((tx) => complete(tx, id, { summary: 'done by a person' }))
    expect(await store.read((reader) => runRows(reader, id))).toMatchObject([
      { outcome: 'completed', summary: 'done by a person' },
    ])
  })
})
