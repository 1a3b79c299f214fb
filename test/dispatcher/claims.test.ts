/** What a dispatcher writes on the runs that it claims. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { show } from '../../src/board/show.ts'
import { sql } from '../../src/store/sql.ts'
import { make, runRows, taskRow } from '../board/support.ts'
import { type Found, midnight, newDispatcher } from './support.ts'

/** A runner that is gone at once. */
const program = [process.execPath, '/dev/null']

async function started(found: Found, fields: Parameters<typeof make>[1]) {
  const { board, dispatcher } = found
  const id = await board.store.write((tx) => make(tx, fields))
  expect((await dispatcher.pass()).spawned).toHaveLength(1)
  const [run] = await board.store.read((reader) => runRows(reader, id))
  return { id, run }
}

test.each([
  ['its task', '  max_runtime: 2h\n', '  max_runtime: 3h\n', { max_runtime_seconds: 60 }, 60],
  ['its profile', '  max_runtime: 2h\n', '  max_runtime: 3h\n', {}, 3 * 3600],
  ['the configuration', '  max_runtime: 2h\n', '', {}, 2 * 3600],
  ['nobody', '', '', {}, 12 * 3600],
  ['a profile that wants none', '  max_runtime: 2h\n', '  max_runtime: 0\n', {}, null],
  ['a configuration that wants none', '  max_runtime: 0\n', '', {}, null],
])('the longest time of a run is set by %s', async (_, config, profile, fields, expected) => {
  const found = await newDispatcher(config, { any: profile }, { program })
  const { run } = await started(found, { assignee: 'any', ...fields })
  expect(run?.max_runtime_seconds).toBe(expected)
})

test('a task on which another program has written no longest time has none of its own', async () => {
  const found = await newDispatcher('  max_runtime: 2h\n', { any: '' }, { program })
  const { store } = found.board
  const id = await store.write(async (tx) => {
    const made = await make(tx, { assignee: 'any' })
    await tx.run(sql`update tasks set max_runtime_seconds = 0 where id = ${made}`)
    return made
  })
  await found.dispatcher.pass()
  const [run] = await store.read((reader) => runRows(reader, id))
  expect(run?.max_runtime_seconds).toBe(2 * 3600)
})

test.each([
  ['nobody', '', {}, 900],
  ['the configuration', '  claim_ttl_seconds: 60\n', {}, 60],
  ['the environment', '  claim_ttl_seconds: 60\n', { HERMES_KANBAN_CLAIM_TTL_SECONDS: '30' }, 30],
])('the length of a lease is set by %s', async (_, config, variables, expected) => {
  const found = await newDispatcher(config, { any: '' }, { program, variables })
  const { run } = await started(found, { assignee: 'any' })
  expect(run?.claim_expires).toBe(midnight + expected)
})

test('who a task of nobody falls to is written on it', async () => {
  const config = '  default_assignee: any\n'
  const found = await newDispatcher(config, { any: '' }, { program })
  const { id, run } = await started(found, {})
  expect(run?.profile).toBe('any')
  const { task, events } = await found.board.store.read((reader) => show(reader, id, 20))
  expect(task.assignee).toBe('any')
  expect(events.find(({ kind }) => kind === 'assigned')?.payload).toEqual({
    assignee: 'any',
    source: 'default',
  })
})

test('the limit of failures of a pass goes with each run that it starts', async () => {
  const found = await newDispatcher('  failure_limit: 7\n', { any: '' }, { program })
  await found.board.store.write((tx) => make(tx, { assignee: 'any' }))
  await found.dispatcher.pass({ failureLimit: 2 })
  const folder = join(found.root, 'kanban', 'run')
  const own = readdirSync(folder).find((name) => name.startsWith('t_')) ?? ''
  const ticket = JSON.parse(readFileSync(join(folder, own, 'ticket.json'), 'utf8'))
  expect(ticket.policy).toMatchObject({ limit: 2, source: 'flag' })
})

test('what nobody foresaw on one board or with one task keeps nothing else from starting', async () => {
  const found = await newDispatcher('', { any: '' }, { program })
  const side = await found.addBoard('side')
  await found.dispatcher.pass()
  const [bad, good] = await found.board.store.write(async (tx) => {
    const ids = [
      await make(tx, { assignee: 'any', priority: 1 }),
      await make(tx, { assignee: 'any' }),
    ] as const
    // As another program may have made one.
    await tx.run(sql`
      create trigger guard before update of status on tasks when old.priority = 1
      begin select raise(abort, 'not this one'); end`)
    return ids
  })
  await side.store.write((tx) => tx.run(sql`drop table kanban_holds`))
  const { spawned, faults } = await found.dispatcher.pass()
  expect(spawned.map(({ task_id }) => task_id)).toEqual([good])
  expect(faults).toEqual([
    expect.stringMatching(/^the board side .*no such table: kanban_holds/),
    expect.stringMatching(/^the board default .*not this one/),
  ])
  const { status } = await found.board.store.read((reader) => taskRow(reader, bad))
  expect(status).toBe('ready')
})
