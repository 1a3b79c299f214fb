/** What a pass would start, in which order, and when it looks again. Dry, so that nothing starts. */

import { expect, test } from 'vitest'
import { hold } from '../../src/board/holds.ts'
import { setDue } from '../../src/board/recurring.ts'
import type { Report } from '../../src/dispatcher/report.ts'
import { sql } from '../../src/store/sql.ts'
import type { Tx } from '../../src/store/store.ts'
import { dispatched, make, take } from '../board/support.ts'
import { type Found, midnight, newDispatcher } from './support.ts'

function dry({ dispatcher }: Found, more = {}): Promise<Report> {
  return dispatcher.pass({ dryRun: true, listIds: true, ...more })
}

async function started(found: Found, more = {}): Promise<string[]> {
  return (await dry(found, more)).spawned.map(({ task_id }) => task_id)
}

/** That many ready tasks of one assignee, in the order of their creation. */
async function several(tx: Tx, assignee: string, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let nth = 0; nth < count; nth += 1) ids.push(await make(tx, { assignee }))
  return ids
}

function onHold(scope: 'account' | 'profile', key: string, seconds: number) {
  return { scope, key, until: midnight + seconds, reason: 'for a test', by: 'test' } as const
}

test('the next pass comes when the first of holds, delays and due times is over', async () => {
  const found = await newDispatcher(
    '  recurring:\n    - { name: nightly, cron: 0 2 * * *, zone: UTC, title: x }\n',
    { a: '', b: '  account: team\n' },
  )
  const { store } = found.board
  const next = async (): Promise<number | null> => {
    await dry(found)
    return found.dispatcher.nextIn()
  }
  expect(await next()).toBe(2 * 3600)
  await store.write((tx) => hold(tx, onHold('account', 'team', 3600)))
  expect(await next()).toBe(3600)
  const id = await store.write((tx) => make(tx, { assignee: 'a' }))
  await store.write((tx) =>
    tx.run(sql`update tasks set not_before = ${midnight + 1800} where id = ${id}`),
  )
  expect(await next()).toBe(1800)
  await store.write((tx) => setDue(tx, 'nightly', midnight + 900))
  expect(await next()).toBe(900)
})

test('every ready task that does not start is counted once, under what keeps it', async () => {
  const found = await newDispatcher('  max_workers: 4\n', {
    capped: '  max_concurrent: 2\n',
    team: '  account: team\n',
    mate: '  account: team\n',
    faulty: '',
  })
  // An account has one quota, wherever it works.
  const side = await found.addBoard('side')
  await side.store.write((tx) => hold(tx, onHold('account', 'team', 300)))
  await found.board.store.write(async (tx) => {
    const amounts = { capped: 5, team: 3, mate: 2, faulty: 4, lane: 6 }
    for (const [assignee, count] of Object.entries(amounts)) await several(tx, assignee, count)
    for (let nth = 0; nth < 7; nth += 1) await make(tx)
    await hold(tx, onHold('profile', 'faulty', 60))
    await tx.run(sql`
      update tasks set not_before = ${midnight + 60} where id = (
        select id from tasks where assignee = 'capped' order by created_at, id limit 1)`)
  })
  const report = await dry(found)
  expect(report.spawned).toHaveLength(2)
  expect(report.skipped).toEqual({ unassigned: 7, nonspawnable: 6, capped: 2, held: 1 + 3 + 2 + 4 })
  expect(report.skipped_capped).toHaveLength(2)
  expect(report.skipped_unassigned).toHaveLength(7)
})

test('the tasks of all boards start by priority, then by age', async () => {
  const found = await newDispatcher('  max_workers: 3\n', { any: '' })
  const side = await found.addBoard('side')
  const [mine, theirs] = [found.board.store, side.store]
  const old = await theirs.write((tx) => make(tx, { assignee: 'any' }))
  found.clock.pass(10)
  const urgent = await mine.write((tx) => make(tx, { assignee: 'any', priority: 5 }))
  const young = await mine.write((tx) => make(tx, { assignee: 'any' }))
  const most = await theirs.write((tx) => make(tx, { assignee: 'any', priority: 9 }))
  expect(await started(found)).toEqual([most, urgent, old])
  expect(await started(found, { max: 1 })).toEqual([most])
  expect(await started(found, { max: 0 })).toEqual([])
  expect(young).not.toBe(old)
})

test('a run counts against the caps of this machine whatever board it is on, and only here', async () => {
  const found = await newDispatcher('  max_workers: 3\n  max_workers_per_profile: 2\n', {
    a: '',
    b: '  max_concurrent: 1\n',
  })
  const side = await found.addBoard('side')
  const tasks = await found.board.store.write(async (tx) => [
    ...(await several(tx, 'a', 3)),
    ...(await several(tx, 'b', 2)),
  ])
  expect(await started(found)).toHaveLength(3)
  await side.store.write(async (tx) => {
    await take(tx, await make(tx, { assignee: 'a' }))
    await take(tx, await make(tx, { assignee: 'a' }), dispatched({ host: 'there+2' }))
    await take(tx, await make(tx, { assignee: 'a' }), dispatched({ host: null }))
  })
  const report = await dry(found)
  expect(report.spawned.map(({ assignee }) => assignee).toSorted()).toEqual(['a', 'b'])
  expect(report.skipped.capped).toBe(tasks.length - 2)
})

test('a run whose worker has not ended yet still has its place', async () => {
  const found = await newDispatcher('  max_workers: 1\n', { a: '' })
  const { store } = found.board
  await store.write(async (tx) => {
    const { run } = await take(tx, await make(tx, { assignee: 'a' }))
    await tx.run(sql`
      update task_runs set runner_pid = ${process.pid}, ended_at = ${midnight}, outcome = 'completed',
        status = 'done' where id = ${run}`)
    await tx.run(sql`
      update tasks set status = 'done', claim_lock = null, claim_expires = null, current_run_id = null`)
    await make(tx, { assignee: 'a' })
  })
  expect((await dry(found)).skipped.capped).toBe(1)
})

test('a profile that takes one at a time makes a queue', async () => {
  const found = await newDispatcher('', { one: '  max_concurrent: 1\n', many: '' })
  const first = await found.board.store.write((tx) => make(tx, { assignee: 'one', priority: 1 }))
  const others = await found.board.store.write((tx) => several(tx, 'one', 2))
  const free = await found.board.store.write((tx) => several(tx, 'many', 3))
  expect((await started(found)).toSorted()).toEqual([first, ...free].toSorted())
  expect((await dry(found)).skipped_capped.toSorted()).toEqual(others.toSorted())
})

test('work of nobody is for the default assignee, where there is one', async () => {
  const found = await newDispatcher('  default_assignee: Any\n', { any: '' })
  const id = await found.board.store.write((tx) => make(tx))
  expect((await dry(found)).spawned).toEqual([
    { task_id: id, assignee: 'any', workspace: 'scratch' },
  ])
})
