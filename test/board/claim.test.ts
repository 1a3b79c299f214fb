import { expect, test } from 'vitest'
import { claim, type Rejected } from '../../src/board/claim.ts'
import { runs } from '../../src/board/history.ts'
import { reclaim, release } from '../../src/board/reclaim.ts'
import { shift } from '../../src/board/shift.ts'
import { adoptRun, exited } from '../../src/board/start.ts'
import { claimLock, publicLock } from '../../src/model/lock.ts'
import { sql } from '../../src/store/sql.ts'
import { expectInvariants } from './invariants.ts'
import { together } from './peer.ts'
import {
  dispatched,
  forEachBoard,
  kinds,
  lastEvent,
  make,
  refusalOf,
  runRows,
  stoppedClock,
  take,
  taskRow,
  token,
} from './support.ts'

const runner = { pid: 4242, start: 'boot:1' }

forEachBoard((open) => {
  test('exactly one of many claims made at once wins', async () => {
    const store = await open()
    const other = await open({ beside: store })
    const id = await store.write((tx) => make(tx))
    const claims = Array.from({ length: 20 }, (_, n) =>
      (n % 2 === 0 ? store : other).write((tx) => claim(tx, id, dispatched())),
    )
    const settled = await Promise.allSettled(claims)
    const refused = settled.filter((one) => one.status === 'rejected')
    expect(refused).toHaveLength(19)
    for (const { reason } of refused) {
      expect(reason.message).toBe(`${id} cannot be claimed: it is running already`)
    }
    await store.read(async (reader) => {
      expect(await runs(reader, id)).toHaveLength(1)
      await expectInvariants(reader)
    })
  })

  test('five processes claim a hundred tasks, each once, and none hears of a busy database', async () => {
    const store = await open()
    const ids = await store.write(async (tx) => {
      const made: string[] = []
      for (let n = 0; n < 100; n += 1) made.push(await make(tx))
      return made
    })
    const answers = await together(
      store,
      Array.from({ length: 5 }, () => ({ do: 'claim all' })),
    )
    expect(answers.filter(({ threw }) => threw !== undefined)).toEqual([])
    const claimed = answers.flatMap(({ done }) => done as string[])
    expect(claimed.toSorted()).toEqual(ids.toSorted())
    await store.read(async (reader) => {
      const opened = await reader.all(sql`select task_id from task_runs`)
      expect(opened).toHaveLength(100)
      await expectInvariants(reader)
    })
  })

  test('a claim opens a run and tells nobody its token', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    const lock = claimLock('here', 42, token(7))
    const fields = { assignee: 'writer', max_runtime_seconds: 60, model: 'large' }
    const id = await store.write((tx) => make(tx, fields))
    await store.write((tx) =>
      claim(tx, id, {
        lock,
        ttl: 900,
        host: 'here+1',
        here: 'here+1',
        maxRuntime: 3600,
        runtime: 'claude',
        model: 'small',
      }),
    )
    await store.read(async (reader) => {
      const [run] = await runRows(reader, id)
      expect(run).toMatchObject({
        profile: 'writer',
        status: 'running',
        outcome: null,
        claim_lock: lock,
        claim_expires: clock() + 900,
        max_runtime_seconds: 60,
        started_at: clock(),
        host: 'here+1',
        runtime: 'claude',
        model: 'large',
      })
      expect(await taskRow(reader, id)).toMatchObject({
        status: 'running',
        claim_lock: lock,
        claim_expires: clock() + 900,
        current_run_id: run?.id,
        started_at: clock(),
      })
      expect(await lastEvent(reader, id)).toMatchObject({
        kind: 'claimed',
        run_id: run?.id,
        payload: { lock: 'here:42', expires: clock() + 900, run_id: run?.id },
      })
    })
  })

  test('the cap of whoever claims is for tasks without one of their own', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await make(tx)
      await take(tx, id, dispatched({ maxRuntime: 3600, model: 'small' }))
      expect(await runRows(tx, id)).toMatchObject([{ max_runtime_seconds: 3600, model: 'small' }])
    })
  })

  test('the start of a task is its first claim', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    const id = await store.write((tx) => make(tx))
    const first = clock()
    await store.write((tx) => take(tx, id))
    await store.write((tx) => reclaim(tx, id, 'user'))
    clock.pass(100)
    await store.write((tx) => take(tx, id))
    await store.read(async (reader) => {
      expect(await taskRow(reader, id)).toMatchObject({ started_at: first })
      expect((await runRows(reader, id)).map((run) => run.started_at)).toEqual([first, first + 100])
    })
  })

  test('a claim by hand has no host', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx))
    await store.write((tx) => claim(tx, id, dispatched({ host: null })))
    expect(await store.read((reader) => runRows(reader, id))).toMatchObject([{ host: null }])
  })

  test('a claim that meets an open parent sends the task back to todo and says why', async () => {
    const store = await open()
    const { parent, id } = await store.write(async (tx) => {
      const parent = await make(tx)
      const id = await make(tx, { parents: [parent] })
      // As another program leaves it.
      await tx.run(sql`update tasks set status = 'ready' where id = ${id}`)
      return { parent, id }
    })
    const claimed = (await store.write((tx) => claim(tx, id, dispatched()))) as Rejected
    expect(claimed.run).toBeNull()
    expect(claimed.refusal).toMatchObject({
      code: 'open_parents',
      message: `${id} waits for ${parent} (ready): finish or unlink it first`,
    })
    await store.read(async (reader) => {
      expect(await taskRow(reader, id)).toMatchObject({ status: 'todo', claim_lock: null })
      expect(await lastEvent(reader, id)).toMatchObject({
        kind: 'claim_rejected',
        run_id: null,
        payload: { reason: 'parents_not_done' },
      })
      expect(await runs(reader, id)).toEqual([])
      await expectInvariants(reader)
    })
  })

  test('a claim that an earlier run forbids leaves none behind, though its transaction is kept', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx))
    const fence = await store.write((tx) => take(tx, id))
    await store.write((tx) => adoptRun(tx, fence, runner))
    await store.write((tx) => reclaim(tx, id, 'user'))
    await store.write(async (tx) => {
      expect(await refusalOf(claim(tx, id, dispatched()))).toContain('still_ending: ')
    })
    await store.read(async (reader) => {
      expect((await runs(reader, id)).map((run) => run.id)).toEqual([fence.run])
      await expectInvariants(reader)
    })
  })

  for (const [whose, host] of [
    ['a dispatcher', 'here+1'],
    ['a person', null],
  ] as const) {
    test(`${whose} does not claim a task while an earlier run elsewhere may have a process`, async () => {
      const clock = stoppedClock()
      const store = await open({ clock })
      const id = await store.write((tx) => make(tx))
      const there = dispatched({ ttl: 900, host: 'there+2', here: 'there+2' })
      const fence = await store.write((tx) => take(tx, id, there))
      await store.write((tx) => adoptRun(tx, fence, runner))
      await store.write((tx) => reclaim(tx, id, 'user'))
      const again = () => store.write((tx) => claim(tx, id, dispatched({ host })))

      clock.pass(899)
      expect(await refusalOf(again())).toBe(
        `still_ending: ${id} cannot be claimed yet: waiting for the worker of run ${fence.run} to end`,
      )
      expect(await store.read((reader) => taskRow(reader, id))).toMatchObject({ status: 'ready' })
      clock.pass(1)
      expect(await again()).toMatchObject({ task: id, run: expect.any(Number) })
    })

    test(`${whose} does not claim it while one of this installation has one, whatever its lease`, async () => {
      const clock = stoppedClock()
      const store = await open({ clock })
      const id = await store.write((tx) => make(tx))
      const renamed = dispatched({ ttl: 900, host: 'old-name+1' })
      const fence = await store.write((tx) => take(tx, id, renamed))
      await store.write((tx) => adoptRun(tx, fence, runner))
      await store.write((tx) => reclaim(tx, id, 'user'))
      clock.pass(100_000)
      const again = store.write((tx) => claim(tx, id, dispatched({ host })))
      expect(await refusalOf(again)).toContain('still_ending: ')
    })

    test(`${whose} claims it as soon as that run has written its exit`, async () => {
      const store = await open()
      const id = await store.write((tx) => make(tx))
      const fence = await store.write((tx) => take(tx, id))
      await store.write((tx) => adoptRun(tx, fence, runner))
      await store.write((tx) => reclaim(tx, id, 'user'))
      await store.write((tx) => exited(tx, fence.run, null))
      const claimed = await store.write((tx) => claim(tx, id, dispatched({ host })))
      expect(claimed.run).toBeGreaterThan(fence.run)
    })
  }

  test('a run that no runner ever adopted does not keep its task from being claimed', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx))
    await store.write((tx) => take(tx, id))
    await store.write((tx) => reclaim(tx, id, 'user'))
    const claimed = await store.write((tx) => claim(tx, id, dispatched()))
    expect(claimed.run).not.toBeNull()
  })

  test('a lock that another program left on a ready task is respected', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx))
    await store.write((tx) => tx.run(sql`update tasks set claim_lock = 'there:7' where id = ${id}`))
    const refusal = await refusalOf(store.write((tx) => claim(tx, id, dispatched())))
    expect(refusal).toBe(
      `conflict: ${id} is held by ${publicLock('there:7')}, though it is ready: move it to triage and back, which takes that off`,
    )
    await store.write(async (tx) => {
      for (const to of ['triage', 'ready'] as const) await shift(tx, id, to)
      await take(tx, id)
    })
    expect(await store.read((reader) => kinds(reader, id))).toEqual([
      'created',
      'status',
      'status',
      'claimed',
    ])
  })

  test('a claim forgets the delay, the worker and the heartbeat of the run before', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx))
    await store.write((tx) =>
      tx.run(
        sql`update tasks set not_before = 1, worker_pid = 2, last_heartbeat_at = 3 where id = ${id}`,
      ),
    )
    await store.write((tx) => take(tx, id))
    expect(await store.read((reader) => taskRow(reader, id))).toMatchObject({
      not_before: null,
      worker_pid: null,
      last_heartbeat_at: null,
    })
  })

  test('a claim is released once its lease has passed, by whoever comes first', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    const ended = { pid: null, host_local: false, terminated: false, sigkill: false }
    const id = await store.write((tx) => make(tx))
    const { run } = await store.write((tx) => take(tx, id, dispatched({ ttl: 900 })))
    const free = () => store.write((tx) => release(tx, id, run, ended))
    clock.pass(899)
    expect(await free()).toBe(false)
    clock.pass(1)
    expect(await free()).toBe(true)
    expect(await free()).toBe(false)
    await store.read(async (reader) => {
      expect(await taskRow(reader, id)).toMatchObject({ status: 'ready', consecutive_failures: 0 })
      expect(await runRows(reader, id)).toMatchObject([
        { outcome: 'reclaimed', summary: 'lease expired' },
      ])
      expect(await lastEvent(reader, id)).toMatchObject({
        kind: 'reclaimed',
        run_id: run,
        payload: { stale_lock: 'here+1:42', host_local: false, terminated: false, sigkill: false },
      })
    })
    await store.write((tx) => take(tx, id))
    clock.pass(901)
    expect(await free()).toBe(false)
  })

  test('no run ends before it starts, though the clock goes back', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    const id = await store.write((tx) => make(tx))
    await store.write((tx) => take(tx, id))
    clock.pass(-3600)
    await store.write((tx) => reclaim(tx, id, 'user'))
    const [run] = await store.read((reader) => runRows(reader, id))
    expect(run?.ended_at).toBe(run?.started_at)
    expect(run?.ended_at).toBe(clock() + 3600)
  })

  test('a claim of a task that does not exist is refused', async () => {
    const store = await open()
    const refusal = await refusalOf(store.write((tx) => claim(tx, 't_00000000', dispatched())))
    expect(refusal).toBe('not_found: there is no task t_00000000 on this board')
  })
})
