/** `hermes kanban mcp` as a process: who sees which tools, and as whom they act. */

import { expect, test } from 'vitest'
import { hermes, newHome } from '../operations/home.ts'
import { overStdio, working } from './session.ts'

test('a session without a task sees no tool at all', async () => {
  const home = await newHome()
  const { names, use, client } = await overStdio(home)
  expect(await names()).toEqual([])
  expect((await use('kanban_show')).error).toContain('this session has none')
  expect(client.getInstructions()).toBeUndefined()
})

test("a person's own agent sees to the board, under the name that it is given", async () => {
  const home = await newHome()
  const { names, use } = await overStdio(home, {}, '--operator', '--as', 'claudia')
  expect(await names()).toEqual(
    [
      'list',
      'show',
      'create',
      'edit',
      'link',
      'assign',
      'comment',
      'unblock',
      'reclaim',
      'promote',
      'archive',
      'stats',
      'why',
    ].map((name) => `kanban_${name}`),
  )
  const { task_id: parent } = await use('kanban_create', { title: 'first', triage: 'true' })
  const { task_id: child } = await use('kanban_create', { title: 'second', assignee: 'lane' })
  await use('kanban_link', { parent_id: parent, child_id: child })
  await use('kanban_edit', { task_id: child, body: '', title: 'then' })
  await use('kanban_comment', { task_id: child, body: 'soon', author: 'boss' })
  expect(await use('kanban_promote', { task_id: parent })).toMatchObject({ ok: true })
  expect(await use('kanban_assign', { task_id: parent, assignee: 'none' })).toMatchObject({
    ok: true,
    assignee: null,
  })
  expect((await use('kanban_why', { task_id: child })).why).toContain(parent)
  expect(await use('kanban_archive', { task_id: parent })).toEqual({ ok: true, task_id: parent })
  expect((await use('kanban_list', { status: 'ready' })).tasks).toMatchObject([{ id: child }])
  expect((await use('kanban_stats')).by_status).toMatchObject({ ready: 1, archived: 1 })
  expect(await use('kanban_unblock', { task_id: child })).toMatchObject({
    error: expect.stringMatching(/is ready, not blocked.*nothing was changed$/),
  })
  expect(await use('kanban_show', { task_id: child })).toMatchObject({
    task: { title: 'then', body: '', created_by: 'claudia' },
    comments: [{ author: 'claudia' }],
  })
})

test('an operator of one board leaves the others alone', async () => {
  const home = await newHome()
  await home.run('boards', 'create', 'other')
  const { use } = await overStdio(home, {}, '--operator', '--board', 'other')
  await use('kanban_create', { title: 'x' })
  expect(await home.json('list')).toEqual([])
  expect(await home.json('list', '--board', 'other')).toMatchObject([{ created_by: 'user' }])
})

test('an operator that takes a task back ends its run', async () => {
  const home = await newHome()
  const { task } = await working(home)
  const { use } = await overStdio(home, {}, '--operator')
  expect(await use('kanban_reclaim', { task_id: task, reason: 'wrong' })).toMatchObject({
    ok: true,
    status: 'ready',
  })
})

test('without a socket a worker is fenced on the database itself', async () => {
  const home = await newHome()
  const { env, task } = await working(home)
  const bare = { ...env, HERMES_KANBAN_SOCKET: '', HERMES_KANBAN_DB: '' }
  const { use } = await overStdio(home, bare)
  expect(await use('kanban_heartbeat')).toEqual({ ok: true, task_id: task })
  await home.run('reclaim', task)
  expect((await use('kanban_complete', { summary: 's' })).error).toContain('was ended: reclaimed')
})

test('a session that knows its task alone ends no other', async () => {
  const home = await newHome()
  const other = await home.create('other', '--assignee', 'x')
  const { task } = await working(home)
  const { use, names } = await overStdio(home, {
    HERMES_KANBAN_TASK: task,
    HERMES_PROFILE: 'writer',
    HERMES_TENANT: 'acme',
  })
  expect(await names()).toHaveLength(7)
  expect((await use('kanban_show')).task.id).toBe(task)
  expect((await use('kanban_complete', { task_id: other, summary: 's' })).error).toContain(
    'is not your task',
  )
  const made = await use('kanban_create', { title: 'x', assignee: 'default' })
  expect((await home.json('show', made.task_id)).task).toMatchObject({
    created_by: 'writer',
    tenant: 'acme',
  })
  expect(await use('kanban_complete', { summary: 's' })).toMatchObject({ ok: true, task_id: task })
})

test('a worker whose runner is gone is told to stop', async () => {
  const home = await newHome()
  const { env } = await working(home)
  const gone = { ...env, HERMES_KANBAN_SOCKET: `${home.root}/none` }
  const { use } = await overStdio(home, gone)
  expect((await use('kanban_heartbeat')).error).toMatch(/runner .* does not answer.*stop working/)
})

test.each([
  [['--operator'], 1, 'inside a worker'],
  [['--as', 'boss'], 2, '--as is for --operator'],
  [['--opertor'], 2, 'did you mean --operator?'],
  [['now'], 2, 'is too much'],
] as const)('%j is refused with a sentence', async (argv, code, why) => {
  const home = await newHome()
  const { env } = await working(home)
  const said = await hermes(home.root, ['kanban', 'mcp', ...argv], { env })
  expect(said).toMatchObject({ code, out: '', err: expect.stringContaining(why) })
})

test('it ends when its client hangs up', async () => {
  const home = await newHome()
  expect(await hermes(home.root, ['kanban', 'mcp', '--operator'])).toEqual({
    code: 0,
    out: '',
    err: '',
  })
})
