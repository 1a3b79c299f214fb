/** What waits for a time: quotas, and tasks that the clock makes. Real dispatchers, real workers. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { unhold } from '../../src/board/holds.ts'
import { dueTimes, setDue } from '../../src/board/recurring.ts'
import { nextTime } from '../../src/lib/cron.ts'
import { sql } from '../../src/store/sql.ts'
import { allOver, makeHome } from './home.ts'

const completes = 'hermes kanban complete "$HERMES_KANBAN_TASK" --summary "$HERMES_KANBAN_TASK"'

test('an account that met a quota starts nothing more, on any board, until it is over', async () => {
  const home = await makeHome()
  await home.profile('busy', 'echo limit reached; exit 75', '  account: team\n')
  await home.profile('mate', completes, '  account: team\n')
  await home.profile('other', completes)
  await home.gateway()
  const first = await home.create('ask', '--assignee', 'busy')
  await home.until('the quota was met', (reader) =>
    reader.get(sql`select 1 from task_runs where task_id = ${first} and exited_at is not null`),
  )
  const [mate, free] = [
    await home.create('wait', '--assignee', 'mate'),
    await home.create('go on', '--assignee', 'other'),
  ]
  await home.hermes('kanban', 'boards', 'create', 'side')
  const made = await home.hermes(
    ...['kanban', '--board', 'side', 'create', 'wait too', '--assignee', 'mate', '--json'],
  )
  await home.comes(free, 'done')
  const words = /account team is on hold: met a quota: limit reached; it is tried again in \d/
  expect((await home.hermes('kanban', 'why', mate)).out).toMatch(words)
  const aside = await home.hermes('kanban', '--board', 'side', 'why', JSON.parse(made.out).id)
  expect(aside.out).toMatch(words)
  for (const flags of [['--dry-run'], []]) {
    const { out } = await home.hermes('kanban', 'dispatch', ...flags, '--json')
    expect(JSON.parse(out)).toMatchObject({ spawned: [], skipped: { held: 3 } })
  }
  expect((await home.comes(mate, 'ready')).runs).toEqual([])
  await home.board.store.write((tx) => unhold(tx, 'account', 'team'))
  await home.comes(mate, 'done')
  await allOver(home)
})

test('the dispatcher makes what is due, once, whatever ends it, and its worker does it', async () => {
  const home = await makeHome(`  recurring:
    - name: yearly
      cron: 0 0 1 1 *
      zone: Europe/Berlin
      title: Look back
      assignee: writer
`)
  await home.profile('writer', completes)
  const first = await home.gateway()
  const next = await home.until('the entry is known', async (reader) =>
    (await dueTimes(reader)).get('yearly'),
  )
  await first.end('SIGKILL')
  const due = nextTime('0 0 1 1 *', 'Europe/Berlin', next - 400 * 86_400) ?? 0
  await home.board.store.write((tx) => setDue(tx, 'yearly', due))
  const dry = await home.hermes('kanban', 'dispatch', '--dry-run', '--json')
  expect(JSON.parse(dry.out)).toMatchObject({
    recurring: [{ name: 'yearly', due_at: due }],
    spawned: [],
  })
  await home.gateway()
  const task = await home.until('it is made', async (reader) => {
    const row = await reader.get<{ id: string }>(
      sql`select id from tasks where idempotency_key like 'yearly@%'`,
    )
    return row?.id
  })
  await home.comes(task, 'done')
  const real = JSON.parse((await home.hermes('kanban', 'dispatch', '--json')).out)
  expect(real.recurring).toEqual([])
  const said = await home.hermes('gateway', 'status')
  expect(said.out).toMatch(/recurring {3}yearly on default, next at \d{4}-01-01 00:00 \(Europe/)
  const all = await home.board.store.read((reader) =>
    reader.all(sql`select created_by, title from tasks`),
  )
  expect(all).toEqual([{ created_by: 'recurring', title: 'Look back' }])
  await allOver(home)
})

test('new settings are in force within seconds, however long the next pass would wait', async () => {
  const home = await makeHome('  dispatch_interval_seconds: 600\n  max_workers: 0\n')
  await home.profile('any', completes)
  await home.gateway()
  const task = await home.create('start', '--assignee', 'any')
  expect((await home.hermes('kanban', 'why', task)).out).toContain('as many as kanban.max_workers')
  await writeFile(join(home.root, 'config.yaml'), 'kanban: { dispatch_interval_seconds: 600 }\n')
  await home.comes(task, 'done')
  await allOver(home)
})
