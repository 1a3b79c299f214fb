import { expect, test } from 'vitest'
import { unblock } from '../../src/board/block.ts'
import type { Policy } from '../../src/board/fail.ts'
import { holds } from '../../src/board/holds.ts'
import { reclaim } from '../../src/board/reclaim.ts'
import { settle } from '../../src/board/settle.ts'
import type { End } from '../../src/model/end.ts'
import { sql } from '../../src/store/sql.ts'
import type { Store, Tx } from '../../src/store/store.ts'
import { expectInvariants } from './invariants.ts'
import { forEachBoard, lastEvent, make, runRows, stoppedClock, take, taskRow } from './support.ts'

const policy: Policy = { limit: 5, source: 'default', delay: 5 }
const hour = 3600

type Exited = End & { readonly how: 'exited' }

function exit75(more: Partial<Exited> = {}): Exited {
  return { how: 'exited', pid: 7, exit: { code: 75, signal: null }, said: 'limit reached', ...more }
}

async function runTo(tx: Tx, id: string, end: End): Promise<void> {
  await settle(tx, id, await take(tx, id), end, policy)
}

/** Meets a quota each hour. */
async function meetQuotas(
  store: Store,
  clock: { pass(seconds: number): void },
  id: string,
  hours: number,
): Promise<void> {
  for (let nth = 0; nth < hours; nth += 1) {
    await store.write((tx) => runTo(tx, id, exit75()))
    clock.pass(hour)
  }
}

forEachBoard((open) => {
  async function start() {
    const clock = stoppedClock()
    const store = await open({ clock })
    const id = await store.write((tx) => make(tx, { assignee: 'writer' }))
    return { clock, store, id, row: () => store.read((reader) => taskRow(reader, id)) }
  }

  test('a day of nothing but quotas blocks the task', async () => {
    const { clock, store, id, row } = await start()
    await meetQuotas(store, clock, id, 24)
    expect(await row()).toMatchObject({ status: 'ready', block_kind: null })
    await store.write((tx) => runTo(tx, id, exit75()))
    expect(await row()).toMatchObject({
      status: 'blocked',
      block_kind: 'quota',
      consecutive_failures: 0,
      last_failure_error: 'met a quota: limit reached',
      not_before: null,
    })
    await store.read(async (reader) => {
      expect((await runRows(reader, id)).at(-1)).toMatchObject({ outcome: 'gave_up' })
      expect(await lastEvent(reader, id)).toMatchObject({
        kind: 'gave_up',
        payload: { failures: 0, trigger_outcome: 'rate_limited' },
      })
      await expectInvariants(reader)
    })
  })

  const breaks: Record<string, (tx: Tx, id: string) => Promise<unknown>> = {
    'a crash': (tx, id) => runTo(tx, id, exit75({ exit: { code: 1, signal: null } })),
    'a person who takes it back': async (tx, id) => {
      await take(tx, id)
      await reclaim(tx, id, 'user')
    },
    'another profile': (tx, id) =>
      tx.run(sql`update tasks set assignee = 'other' where id = ${id}`),
  }
  for (const [what, between] of Object.entries(breaks)) {
    test(`${what} between begins the day anew`, async () => {
      const { clock, store, id, row } = await start()
      await meetQuotas(store, clock, id, 20)
      await store.write((tx) => between(tx, id))
      await meetQuotas(store, clock, id, 24)
      expect(await row()).toMatchObject({ status: 'ready' })
      await store.write((tx) => runTo(tx, id, exit75()))
      expect(await row()).toMatchObject({ status: 'blocked', block_kind: 'quota' })
    })
  }

  test('a task that was let go on has another day', async () => {
    const { clock, store, id, row } = await start()
    await meetQuotas(store, clock, id, 25)
    await store.write((tx) => unblock(tx, id))
    await store.write((tx) => runTo(tx, id, exit75()))
    expect(await row()).toMatchObject({ status: 'ready' })
  })

  test('a long run that meets its first quota at its end has not met quotas all the time', async () => {
    const { clock, store, id, row } = await start()
    const fence = await store.write((tx) => take(tx, id))
    clock.pass(30 * hour)
    await store.write((tx) => settle(tx, id, fence, exit75(), policy))
    expect(await row()).toMatchObject({ status: 'ready' })
  })

  test('the account is on hold until the quota is over', async () => {
    const { clock, store, id } = await start()
    await store.write((tx) => runTo(tx, id, exit75({ account: 'team' })))
    const [held, ...others] = await store.read(holds)
    expect(others).toEqual([])
    expect(held).toMatchObject({
      scope: 'account',
      key: 'team',
      until: clock() + 300,
      reason: 'met a quota: limit reached',
    })
    clock.pass(300)
    expect(await store.read(holds)).toEqual([])
  })

  test('a profile without an account has a quota of its own', async () => {
    const { store, id } = await start()
    await store.write((tx) => runTo(tx, id, exit75()))
    expect(await store.read(holds)).toMatchObject([{ scope: 'account', key: 'writer' }])
  })

  test('a time that the driver knows counts, and a later end with a sooner time does not shorten the hold', async () => {
    const { clock, store, id, row } = await start()
    const until = clock() + 5 * hour
    const other = await store.write((tx) => make(tx, { assignee: 'writer' }))
    const known = exit75({
      exit: { code: 0, signal: null },
      quota: { retry_at: until },
      account: 'team',
    })
    await store.write((tx) => runTo(tx, id, known))
    await store.write((tx) => runTo(tx, other, exit75({ account: 'team' })))
    expect(await row()).toMatchObject({ status: 'ready', not_before: until })
    expect(await store.read(holds)).toMatchObject([{ key: 'team', until }])
  })

  test.each([
    ['that is over already', -hour, 30],
    ['beyond all reason', 1e9, 24 * hour],
  ])('a time %s is brought within reason', async (_, named, delay) => {
    const { clock, store, id, row } = await start()
    const quota = { retry_at: clock() + named }
    await store.write((tx) => runTo(tx, id, exit75({ quota })))
    expect((await row()).not_before).toBe(clock() + delay)
  })
})
