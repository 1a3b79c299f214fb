import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sql } from '../../src/store/sql.ts'
import { expectInvariants } from '../board/invariants.ts'
import { allOver, makeHome } from './home.ts'

test('five passes by hand beside a gateway start each task once', async () => {
  const home = await makeHome('  max_workers: 4\n')
  await home.profile(
    'quick',
    'echo "$HERMES_KANBAN_TASK" >> "$HERMES_KANBAN_HOME/deeds"; hermes kanban complete "$HERMES_KANBAN_TASK" --summary done',
  )
  const tasks: string[] = []
  for (let nth = 0; nth < 10; nth += 1) {
    tasks.push(await home.create(`task ${nth}`, '--assignee', 'quick'))
  }
  await home.gateway()
  const passes = Array.from({ length: 5 }, () => home.hermes('kanban', 'dispatch', '--json'))
  for (const { code, err } of await Promise.all(passes)) {
    expect({ code, err }).toEqual({ code: 0, err: '' })
  }
  for (const task of tasks) {
    expect((await home.comes(task, 'done')).runs).toMatchObject([{ outcome: 'completed' }])
  }
  await allOver(home)
  const deeds = readFileSync(join(home.root, 'deeds'), 'utf8').trim().split('\n')
  expect(deeds.toSorted()).toEqual(tasks.toSorted())
})

test('a claim by hand whose lease ends before the work does is taken back, and the late work refused', async () => {
  const home = await makeHome('  dispatch_interval_seconds: 0.5\n')
  const task = await home.create('by hand', '--assignee', 'somebody')
  await home.gateway()
  const { code } = await home.hermes('kanban', 'claim', task, '--ttl', '1s')
  expect(code).toBe(0)
  const lock = await home.board.store.read((reader) =>
    reader.get<{ run: number; lock: string }>(
      sql`select id as run, claim_lock as lock from task_runs where task_id = ${task}`,
    ),
  )
  const { runs } = await home.comes(task, 'ready')
  expect(runs).toMatchObject([{ outcome: 'reclaimed', summary: 'lease expired' }])
  const { complete } = await import('../../src/board/complete.ts')
  const late = home.board.store.write((tx) =>
    complete(tx, task, { summary: 'late', fence: { run: lock?.run ?? 0, lock: lock?.lock ?? '' } }),
  )
  await expect(late).rejects.toThrow(`run ${lock?.run} of ${task} was ended: reclaimed`)
  await home.board.store.read(expectInvariants)
})

test('a worker that outlives its lease keeps its task: its runner renews it', async () => {
  const home = await makeHome('  claim_ttl_seconds: 1\n  dispatch_interval_seconds: 0.3\n')
  await home.profile(
    'slow',
    'sleep 4; hermes kanban complete "$HERMES_KANBAN_TASK" --summary slowly',
  )
  const task = await home.create('long', '--assignee', 'slow')
  await home.gateway()
  const { runs, events } = await home.comes(task, 'done')
  expect(runs).toMatchObject([{ outcome: 'completed' }])
  expect(events.map(({ kind }) => kind)).not.toContain('reclaimed')
  await allOver(home)
  expect(existsSync(join(home.board.workspaces, task))).toBe(true)
})
