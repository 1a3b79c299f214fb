/** Verbs with which people change what is on the board: reassign, edit, move, reopen, archive --rm. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { adoptRun, exited } from '../../src/board/start.ts'
import { logPath } from '../../src/workers/log.ts'
import { take } from '../board/support.ts'
import { newHome } from './home.ts'

test('reassign gives a task to somebody else, and takes it back only when asked to', async () => {
  const { run, create, json } = await newHome()
  const id = await create('x', '--assignee', 'writer')
  expect(await run('reassign', id, 'Editor')).toEqual({
    code: 0,
    out: `Reassigned ${id} to editor  (ready)`,
    err: expect.stringMatching(/^editor is no profile on this machine, so t_\w+ waits/),
  })
  await run('claim', id)
  expect(await run('reassign', id, 'writer')).toEqual({
    code: 1,
    out: '',
    err: `${id} cannot be given to somebody else: editor is at work on it; add reclaim to end that run first`,
  })
  const reason = ['--reason', 'wrong tone']
  expect((await run('reassign', id, 'writer', '--reclaim', ...reason)).out).toBe(
    `Reassigned ${id} to writer  (ready)`,
  )
  const { task, runs } = await json('show', id)
  expect(task).toMatchObject({ assignee: 'writer', status: 'ready' })
  expect(runs).toMatchObject([{ outcome: 'reclaimed', error: 'manual_reclaim: wrong tone' }])
  expect((await run('reassign', id, 'none', '--reclaim')).out).toBe(
    `Reassigned ${id} to none  (ready)`,
  )
})

test('edit changes text and priority, and says what was so already', async () => {
  const { run, runOn, create, json } = await newHome()
  const id = await create('x')
  const flags = ['--title', 'y', '--priority', '-5']
  expect((await run('edit', id, ...flags)).out).toBe(`Edited ${id}: title, priority`)
  expect((await run('edit', id, ...flags)).out).toBe(`Edited ${id}: it was so already`)
  const said = await runOn({ stdin: 'from\nstdin\n' }, 'edit', id, '--body', '-')
  expect(said.out).toBe(`Edited ${id}: body`)
  expect((await json('show', id)).task).toMatchObject({
    title: 'y',
    priority: -5,
    body: 'from\nstdin\n',
  })
})

test('edit corrects what a done task handed over, or changes nothing', async () => {
  const { run, create, json } = await newHome()
  const [done, open] = [await create('x'), await create('y')]
  await run('complete', done, '--summary', 'frist')
  const flags = ['--summary', 'first', '--result', 'r', '--metadata', '{"files": 3}']
  expect((await run('edit', done, ...flags)).out).toMatch(
    new RegExp(`^Edited ${done}: (?=.*summary)(?=.*result)(?=.*metadata)`),
  )
  const { task, runs, latest_summary } = await json('show', done)
  expect({ result: task.result, latest_summary }).toEqual({ result: 'r', latest_summary: 'first' })
  expect(runs).toMatchObject([{ metadata: { files: 3 } }])
  const before = await json('show', open)
  expect(await run('edit', open, '--title', 'new', '--result', 'r')).toMatchObject({ code: 1 })
  expect(await json('show', open)).toEqual(before)
})

test('move parks a task and lets it out, and names what it waits for', async () => {
  const { run, create } = await newHome()
  const parent = await create('p')
  const id = await create('x', '--parent', parent)
  expect((await run('move', id, 'triage')).out).toBe(`Moved ${id}  (triage)`)
  expect(await run('move', id, 'ready')).toMatchObject({
    code: 1,
    err: `${id} waits for ${parent} (ready): finish or unlink it first`,
  })
  expect((await run('move', id, 'todo')).out).toBe(`Moved ${id}  (todo)`)
  await run('claim', parent)
  expect((await run('move', parent, 'todo')).out).toBe(`Moved ${parent}  (ready)`)
})

test('reopen takes several up again and goes on after a refusal', async () => {
  const { run, create } = await newHome()
  const [a, b, c] = [await create('a'), await create('b'), await create('c')]
  await run('complete', a)
  await run('archive', c)
  expect(await run('reopen', a, b, c)).toEqual({
    code: 1,
    out: `Reopened ${a}  (ready)\nReopened ${c}  (ready)`,
    err: `${b} cannot be reopened: it is ready, not done or archived`,
  })
})

test('archive --rm deletes a task with its log, put away before or not', async () => {
  const { run, create, json, board } = await newHome()
  mkdirSync(board.logs, { recursive: true })
  const ids = [await create('a'), await create('b')]
  for (const id of ids) writeFileSync(logPath(board.logs, id), 'said')
  await run('archive', ids[0] ?? '')
  const { out, code } = await run('archive', ...ids, '--rm')
  expect({ out, code }).toEqual({ out: ids.map((id) => `Deleted ${id}`).join('\n'), code: 0 })
  expect(await json('list', '--archived')).toEqual([])
  for (const id of ids) expect(existsSync(logPath(board.logs, id))).toBe(false)
  expect(await run('show', ids[0] ?? '')).toMatchObject({ code: 1 })
})

test('a task that something waits for is neither deleted nor put away by --rm', async () => {
  const { run, create, json, board } = await newHome()
  const id = await create('a')
  const child = await create('b', '--parent', id)
  mkdirSync(board.logs, { recursive: true })
  writeFileSync(logPath(board.logs, id), 'said')
  expect(await run('archive', id, '--rm')).toEqual({
    code: 1,
    out: '',
    err: `${id} cannot be deleted: its child ${child} is not finished; finish or unlink it first`,
  })
  expect((await json('show', id)).task.status).toBe('ready')
  expect(existsSync(logPath(board.logs, id))).toBe(true)
})

test('a task with a worker is first put away, and deleted when the worker has ended', async () => {
  const { run, create, board } = await newHome()
  const id = await create('a')
  const fence = await board.store.write(async (tx) => {
    const fence = await take(tx, id)
    await adoptRun(tx, fence, { pid: 4242, start: 'boot:1' })
    return fence
  })
  expect(await run('archive', id, '--rm')).toEqual({
    code: 1,
    out: '',
    err: `${id} cannot be deleted while run ${fence.run} has a worker: archive it now, and delete it when that has ended`,
  })
  expect((await run('archive', id)).code).toBe(0)
  expect((await run('archive', id, '--rm')).err).toContain('waiting for the worker')
  await board.store.write((tx) => exited(tx, fence.run, null))
  expect((await run('archive', id, '--rm')).out).toBe(`Deleted ${id}`)
})

test('a skill that the profile on this machine has not is refused with those there are', async () => {
  const { run, create, json, root } = await newHome()
  const skills = join(root, 'profiles', 'writer', 'skills')
  for (const name of ['style', join('languages', 'german')]) {
    mkdirSync(join(skills, name), { recursive: true })
    writeFileSync(join(skills, name, 'SKILL.md'), '')
  }
  mkdirSync(join(skills, 'empty'))
  const said = await run(
    'create',
    'x',
    '--assignee',
    'writer',
    '--skill',
    'german',
    '--skill',
    'empty',
  )
  expect(said).toMatchObject({ code: 1, out: '' })
  expect(said.err).toMatch(
    /^writer has no skill empty: there are .*german.*style.*; nothing was created$/,
  )
  expect(await json('list')).toEqual([])
  await create('x', '--assignee', 'writer', '--skill', 'style', '--skill', 'german')
  await create('x', '--assignee', 'elsewhere', '--skill', 'whatever')
  await create('x', '--skill', 'whatever')
  expect(await json('list')).toHaveLength(3)
})
