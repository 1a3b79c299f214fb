/** What a dispatcher does about runs that nobody looks after: claims without a runner, other hosts, ends that were left behind. */

import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { holds } from '../../src/board/holds.ts'
import { adoptRun } from '../../src/board/start.ts'
import { note } from '../../src/dispatcher/report.ts'
import { folderOfRun, writeEnd } from '../../src/dispatcher/run-folder.ts'
import { bootId, identityOf } from '../../src/lib/process.ts'
import type { Fence } from '../../src/model/run.ts'
import { sql } from '../../src/store/sql.ts'
import { expectInvariants } from '../board/invariants.ts'
import { dispatched, everything, make, runRows, take, taskRow } from '../board/support.ts'
import { temporaryFolder } from '../lib/folder.ts'
import { type Found, here, newDispatcher } from './support.ts'

/** A runner that is gone at once. */
const nothing = [process.execPath, '/dev/null']

async function claimed({ board }: Found, host: string | null = here) {
  return board.store.write(async (tx) => {
    const id = await make(tx, { assignee: 'any' })
    return { id, fence: await take(tx, id, dispatched({ host })) }
  })
}

function stateOf({ board }: Found, id: string) {
  return board.store.read(async (reader) => {
    await expectInvariants(reader)
    return { task: await taskRow(reader, id), runs: await runRows(reader, id) }
  })
}

/** The board knows a runner that lives no more. */
async function withoutRunner(found: Found, fence: Fence): Promise<void> {
  const { pid } = spawnSync('true')
  await found.board.store.write((tx) => adoptRun(tx, fence, { pid, start: `${bootId()}:1` }))
}

test('a claim whose runner made no sign of life within ten seconds is given back, uncounted', async () => {
  const found = await newDispatcher()
  const { id } = await claimed(found)
  found.clock.pass(9)
  expect(await found.dispatcher.seeToRuns()).toEqual([])
  expect((await stateOf(found, id)).task.status).toBe('running')
  await found.dispatcher.pass({ dryRun: true })
  expect(found.dispatcher.nextIn(), 'it looks again when the time is over').toBe(1)
  found.clock.pass(1)
  expect(await found.dispatcher.seeToRuns()).toEqual([{ task: id, outcome: 'spawn_failed' }])
  expect(await stateOf(found, id)).toMatchObject({
    task: { status: 'ready', consecutive_failures: 0 },
    runs: [{ outcome: 'spawn_failed', error: 'its runner made no sign of life' }],
  })
})

test('an expired lease frees what another host or a person has claimed, and nothing of this one', async () => {
  const found = await newDispatcher()
  const own = await claimed(found)
  const alive = { pid: process.pid, start: identityOf(process.pid) ?? '' }
  await found.board.store.write((tx) => adoptRun(tx, own.fence, alive))
  const foreign = await claimed(found, 'there+2')
  const person = await claimed(found, null)
  found.clock.pass(899)
  expect((await found.dispatcher.pass()).reclaimed).toBe(0)
  found.clock.pass(2)
  expect((await found.dispatcher.pass()).reclaimed).toBe(2)
  for (const { id } of [foreign, person]) {
    expect(await stateOf(found, id)).toMatchObject({
      task: { status: 'ready', consecutive_failures: 0 },
      runs: [{ outcome: 'reclaimed', summary: 'lease expired' }],
    })
  }
  expect((await stateOf(found, own.id)).task.status).toBe('running')
})

test('the end that a runner could not write is found in its folder', async () => {
  const found = await newDispatcher()
  const { id, fence } = await claimed(found)
  await withoutRunner(found, fence)
  const folder = folderOfRun(found.root, { task: id, run: fence.run, lock: fence.lock })
  mkdirSync(folder, { recursive: true })
  const exit = { code: 4, signal: null }
  await writeEnd(folder, { how: 'exited', pid: 7, exit, said: 'out of milk' })
  expect(await found.dispatcher.seeToRuns()).toEqual([{ task: id, outcome: 'crashed' }])
  expect((await stateOf(found, id)).runs).toMatchObject([
    { outcome: 'crashed', exit_code: 4, error: 'exit code 4: out of milk' },
  ])
})

test('a runner that is gone without a word is a crash, counted once', async () => {
  const found = await newDispatcher()
  const { id, fence } = await claimed(found)
  await withoutRunner(found, fence)
  expect(await found.dispatcher.seeToRuns()).toEqual([{ task: id, outcome: 'crashed' }])
  expect(await found.dispatcher.seeToRuns()).toEqual([])
  expect((await stateOf(found, id)).task.consecutive_failures).toBe(1)
})

test('what another program left waiting is promoted: all of it at first and each minute, and else what its events name', async () => {
  let time = 0
  const found = await newDispatcher('', {}, { monotonic: () => time })
  const { store } = found.board
  const [first, second] = await store.write(async (tx) => {
    const ids = [await make(tx), await make(tx)] as const
    await tx.run(sql`update tasks set status = 'todo'`)
    return ids
  })
  expect((await found.dispatcher.pass({ dryRun: true })).promoted).toBe(2)
  expect((await found.dispatcher.pass()).promoted).toBe(2)
  expect((await found.dispatcher.pass()).promoted).toBe(0)
  await store.write((tx) => tx.run(sql`update tasks set status = 'todo' where id = ${first}`))
  expect((await found.dispatcher.pass()).promoted, 'without an event nobody knows').toBe(0)
  time += 60_001
  expect((await found.dispatcher.pass()).promoted, 'for longer than a minute').toBe(1)
  await store.write(async (tx) => {
    await tx.run(sql`update tasks set status = 'todo' where id = ${second}`)
    await tx.run(sql`
      insert into task_events (task_id, kind, created_at) values (${second}, 'status', ${tx.now})`)
  })
  expect((await found.dispatcher.pass()).promoted).toBe(1)
})

test('a dry run foretells what a pass by hand does, and changes nothing', async () => {
  const found = await newDispatcher('  max_workers: 4\n', { any: '' }, { program: nothing })
  const { store } = found.board
  const alive = { pid: process.pid, start: identityOf(process.pid) ?? '' }
  const [own, gone, earlier, never] = [
    await claimed(found),
    await claimed(found),
    await claimed(found),
    await claimed(found),
  ]
  const person = await claimed(found, null)
  await store.write((tx) => adoptRun(tx, own.fence, alive))
  await withoutRunner(found, gone.fence)
  await store.write((tx) => adoptRun(tx, earlier.fence, { pid: 7, start: 'before:1' }))
  const waiting = await store.write(async (tx) => {
    const id = await make(tx, { assignee: 'any' })
    await tx.run(sql`update tasks set status = 'todo' where id = ${id}`)
    return id
  })
  found.clock.pass(901)
  const before = await store.read(everything)
  const dry = await found.dispatcher.pass({ dryRun: true, listIds: true })
  expect(await store.read(everything)).toEqual(before)
  expect(dry).toMatchObject({ promoted: 1, reclaimed: 2, crashed: [gone.id] })
  // Four could start, beside the one that lives only three may, and the crashed one waits.
  const fit = [earlier.id, never.id, person.id, waiting]
  const starting = dry.spawned.map(({ task_id }) => task_id)
  expect(starting).toHaveLength(3)
  expect(fit).toEqual(expect.arrayContaining(starting))
  expect((dry.skipped.capped ?? 0) + (dry.skipped.held ?? 0)).toBe(2)
  const closed = await found.dispatcher.seeToRuns()
  const real = await found.dispatcher.pass({ listIds: true })
  for (const one of closed) note(real, one)
  expect(real).toEqual(dry)
})

test('what a runner said before it died early is told, and counted where its dispatcher saw it', async () => {
  const found = await newDispatcher()
  const { id, fence } = await claimed(found)
  const folder = folderOfRun(found.root, { task: id, run: fence.run, lock: fence.lock })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'runner.log'), 'hermes: no room for me\n')
  found.clock.pass(10)
  expect(await found.dispatcher.seeToRuns()).toEqual([{ task: id, outcome: 'spawn_failed' }])
  expect(await stateOf(found, id)).toMatchObject({
    task: { consecutive_failures: 0 },
    runs: [{ error: 'hermes: no room for me' }],
  })
})

test('a runner that its dispatcher saw exit before its first write is a failure of the task', async () => {
  const root = temporaryFolder()
  const main = join(root, 'main.mjs')
  writeFileSync(main, `console.error('no room for me'); process.exit(3)`)
  const program = [process.execPath, main]
  const found = await newDispatcher('', { any: '' }, { program })
  const id = await found.board.store.write((tx) => make(tx, { assignee: 'any' }))
  await found.dispatcher.pass()
  await found.dispatcher.handshakes(30_000)
  expect(await stateOf(found, id)).toMatchObject({
    task: { status: 'ready', consecutive_failures: 1, last_failure_error: 'no room for me' },
    runs: [{ outcome: 'spawn_failed', error: 'no room for me' }],
  })
})

test('a runner of another version than its dispatcher starts nothing, and no task fails for that', async () => {
  const root = temporaryFolder()
  const main = join(root, 'main.mjs')
  writeFileSync(
    main,
    `import { readFileSync, writeFileSync } from 'node:fs'
    process.argv.splice(2, 1)
    const ticket = process.argv[2] + '/ticket.json'
    writeFileSync(ticket, readFileSync(ticket, 'utf8').replace('"format":', '"format":-'))
    await import(${JSON.stringify(new URL('../../src/cli/runner-entry.ts', import.meta.url))})`,
  )
  const program = [process.execPath, main]
  const found = await newDispatcher('', { any: '' }, { program })
  const id = await found.board.store.write((tx) => make(tx, { assignee: 'any' }))
  await found.dispatcher.pass()
  await found.dispatcher.handshakes(30_000)
  const error = expect.stringMatching(/is of another version .* `hermes gateway restart`$/)
  expect(await stateOf(found, id)).toMatchObject({
    task: { status: 'ready', consecutive_failures: 0 },
    runs: [{ outcome: 'spawn_failed', error }],
  })
  expect(await found.board.store.read(holds)).toMatchObject([{ scope: 'board', reason: error }])
})

test('an end that was left behind counts after a restart of the machine as well', async () => {
  const found = await newDispatcher()
  const { id, fence } = await claimed(found)
  await found.board.store.write((tx) => adoptRun(tx, fence, { pid: 7, start: 'before:1' }))
  const folder = folderOfRun(found.root, { task: id, run: fence.run, lock: fence.lock })
  mkdirSync(folder, { recursive: true })
  await writeEnd(folder, { how: 'exited', pid: 7, exit: { code: 75, signal: null }, said: 'later' })
  expect(await found.dispatcher.seeToRuns()).toEqual([{ task: id, outcome: 'rate_limited' }])
})

test('a claim that another program left without a lock is freed when its lease is over', async () => {
  const found = await newDispatcher()
  const { id } = await claimed(found, null)
  await found.board.store.write((tx) => tx.run(sql`update tasks set claim_lock = null`))
  found.clock.pass(901)
  expect((await found.dispatcher.pass()).reclaimed).toBe(1)
  expect((await stateOf(found, id)).task.status).toBe('ready')
})

test('the limit of failures of a pass by hand holds for the runs that it finds over as well', async () => {
  const found = await newDispatcher()
  const { id, fence } = await claimed(found)
  await withoutRunner(found, fence)
  const dry = await found.dispatcher.pass({ dryRun: true, failureLimit: 1 })
  expect(dry.auto_blocked).toEqual([id])
  const closed = await found.dispatcher.seeToRuns({ failureLimit: 1 })
  expect(closed).toEqual([{ task: id, outcome: 'gave_up' }])
})
