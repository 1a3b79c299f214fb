import { expect, test } from 'vitest'
import { assign } from '../../src/board/assign.ts'
import { unblock } from '../../src/board/block.ts'
import { complete } from '../../src/board/complete.ts'
import { fail, type Policy } from '../../src/board/fail.ts'
import { reclaim } from '../../src/board/reclaim.ts'
import { start } from '../../src/board/start.ts'
import type { Tx } from '../../src/store/store.ts'
import {
  fenceOf,
  forEachBoard,
  lastEvent,
  make,
  refusalOf,
  runRows,
  stoppedClock,
  take,
  taskRow,
} from './support.ts'

const patient: Policy = { limit: 99, source: 'default', delay: 5 }

/** Claims the task and lets its run crash. */
async function crash(tx: Tx, id: string, policy = patient, error = 'broken'): Promise<void> {
  const fence = await take(tx, id)
  await fail(tx, id, { verb: 'crash', error, payload: { pid: 7 }, fence }, policy)
}

forEachBoard((open) => {
  test('each failure is counted, and doubles the wait for the next try, up to five minutes', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    const id = await store.write((tx) => make(tx, { assignee: 'writer' }))
    const waits: (number | null)[] = []
    for (let n = 1; n <= 9; n += 1) {
      await store.write((tx) => crash(tx, id, patient, `broken ${n}`))
      const task = await store.read((reader) => taskRow(reader, id))
      waits.push((task.not_before ?? 0) - clock())
      expect(task).toMatchObject({
        status: 'ready',
        consecutive_failures: n,
        last_failure_error: `broken ${n}`,
        block_kind: null,
      })
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300])
    const runs = await store.read((reader) => runRows(reader, id))
    expect(runs.map(({ outcome, status, error }) => [outcome, status, error])).toEqual(
      waits.map((_, n) => ['crashed', 'crashed', `broken ${n + 1}`]),
    )
  })

  test('a wait is whole seconds, whatever part of one was asked for', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    const id = await store.write((tx) => make(tx, { assignee: 'writer' }))
    await store.write((tx) => crash(tx, id, { ...patient, delay: 0.1 }))
    const { not_before } = await store.read((reader) => taskRow(reader, id))
    expect(not_before).toBe(clock() + 1)
  })

  test('a thousand failures wait no longer than five minutes', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    await store.write(async (tx) => {
      const id = await make(tx, { max_retries: 5000 })
      for (let n = 0; n < 1100; n += 1) await crash(tx, id)
      expect(await taskRow(tx, id)).toMatchObject({ not_before: clock() + 300 })
    })
  })

  const limits = [
    ['the task itself', { max_retries: 2 }, 'default', 'task'],
    ['a flag', {}, 'flag', 'flag'],
    ['the configuration', {}, 'config', 'config'],
    ['nobody', {}, 'default', 'default'],
  ] as const
  for (const [who, fields, source, named] of limits) {
    test(`the limit that ${who} set blocks the task and is named`, async () => {
      const store = await open()
      const policy: Policy = { limit: named === 'task' ? 9 : 2, source, delay: 5 }
      const id = await store.write((tx) => make(tx, fields))
      await store.write((tx) => crash(tx, id, policy, 'first'))
      await store.write((tx) => crash(tx, id, policy, 'second'))
      await store.read(async (reader) => {
        expect(await taskRow(reader, id)).toMatchObject({
          status: 'blocked',
          block_kind: 'breaker',
          consecutive_failures: 2,
          last_failure_error: 'second',
          not_before: null,
          current_run_id: null,
        })
        const runs = await runRows(reader, id)
        expect(runs.map((run) => run.outcome)).toEqual(['crashed', 'gave_up'])
        expect(await lastEvent(reader, id)).toMatchObject({
          kind: 'gave_up',
          run_id: runs[1]?.id,
          payload: {
            failures: 2,
            error: 'second',
            trigger_outcome: 'crashed',
            effective_limit: 2,
            limit_source: named,
          },
        })
      })
    })
  }

  test('what tripped the breaker is named as the run would have ended', async () => {
    const store = await open()
    const once: Policy = { limit: 1, source: 'flag', delay: 5 }
    for (const [verb, outcome] of [
      ['crash', 'crashed'],
      ['time_out', 'timed_out'],
      ['fail_to_start', 'spawn_failed'],
    ] as const) {
      const id = await store.write((tx) => make(tx))
      await store.write(async (tx) =>
        fail(tx, id, { verb, error: 'no', payload: {}, fence: await take(tx, id) }, once),
      )
      const event = await store.read((reader) => lastEvent(reader, id))
      expect(event?.payload).toMatchObject({ trigger_outcome: outcome })
    }
  })

  test('completing, unblocking, reclaiming and somebody new begin without failures', async () => {
    const store = await open()
    const fresh = { consecutive_failures: 0, last_failure_error: null, not_before: null }
    const resets: Record<string, (tx: Tx, id: string) => Promise<unknown>> = {
      complete: (tx, id) => complete(tx, id, { summary: 'so' }),
      assign: (tx, id) => assign(tx, id, 'somebody-new'),
      unassign: (tx, id) => assign(tx, id, null),
      reclaim: async (tx, id) => {
        await take(tx, id)
        await reclaim(tx, id, 'user')
      },
      unblock: async (tx, id) => {
        await crash(tx, id, { ...patient, limit: 1 })
        await unblock(tx, id)
      },
    }
    for (const [how, reset] of Object.entries(resets)) {
      const id = await store.write((tx) => make(tx, { assignee: 'writer' }))
      await store.write((tx) => crash(tx, id))
      await store.write((tx) => reset(tx, id))
      expect(await store.read((reader) => taskRow(reader, id)), how).toMatchObject(fresh)
    }
  })

  test('a claim, a start and the same assignee again leave the failures counted', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx, { assignee: 'writer' }))
    await store.write((tx) => crash(tx, id))
    const counted = { consecutive_failures: 1, last_failure_error: 'broken' }
    expect(await store.write((tx) => assign(tx, id, 'writer'))).toBe(false)
    expect(await store.read((reader) => taskRow(reader, id))).toMatchObject(counted)
    await store.write(async (tx) => {
      const fence = await take(tx, id)
      await start(tx, id, fence, { pid: 7, start: 'boot:7', workspace: '/tmp' })
    })
    expect(await store.read((reader) => taskRow(reader, id))).toMatchObject(counted)
  })

  test('an error is kept to 500 bytes, in whole characters', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx, { max_retries: 1 }))
    await store.write((tx) => crash(tx, id, patient, '👩‍👩‍👧'.repeat(1000)))
    await store.read(async (reader) => {
      const { last_failure_error } = await taskRow(reader, id)
      const [run] = await runRows(reader, id)
      const event = await lastEvent(reader, id)
      expect(run?.error).toBe(last_failure_error)
      expect(event?.payload?.error).toBe(last_failure_error)
      expect(Buffer.byteLength(last_failure_error ?? '')).toBeLessThanOrEqual(500)
      expect(last_failure_error).toMatch(/^(👩‍👩‍👧)+ …\[\d+ bytes cut\]$/)
    })
  })

  test('a failure of a run that has ended counts nothing', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx))
    const fence = await store.write((tx) => take(tx, id))
    await store.write((tx) => reclaim(tx, id, 'user'))
    const late = { verb: 'crash', error: 'late', payload: {}, fence } as const
    const before = await store.read((reader) => taskRow(reader, id))
    for (const limit of [1, 99]) {
      const refusal = await refusalOf(
        store.write((tx) => fail(tx, id, late, { ...patient, limit })),
      )
      expect(refusal).toContain('run_ended: ')
    }
    expect(await store.read((reader) => taskRow(reader, id))).toEqual(before)
    expect(await store.read((reader) => fenceOf(reader, id))).toEqual({ run: 0, lock: 'nobody' })
  })
})
