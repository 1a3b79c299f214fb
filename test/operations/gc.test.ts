import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runFolder } from '../../src/dispatcher/host.ts'
import { folderOfRun } from '../../src/dispatcher/run-folder.ts'
import { socketPath } from '../../src/lib/socket.ts'
import { sql } from '../../src/store/sql.ts'
import { markerFile } from '../../src/workers/workspace.ts'
import { type Home, newHome } from './home.ts'

/** The folder that a run of the task would have had. */
function workspace({ board }: Home, task: string): string {
  const folder = join(board.workspaces, task)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, markerFile), `${task}\n`)
  return folder
}

function log({ board }: Home, task: string, days: number): string {
  mkdirSync(board.logs, { recursive: true })
  const path = join(board.logs, `${task}.log`)
  writeFileSync(path, 'said\n')
  const then = Date.now() / 1000 - days * 86_400
  utimesSync(path, then, then)
  return path
}

test('workspaces of archived tasks go, those of all others stay', async () => {
  const home = await newHome()
  const { create, run, json } = home
  const [open, done, parent, gone] = await Promise.all(
    ['a', 'b', 'c', 'd'].map((one) => create(one)),
  )
  const child = await create('child', '--parent', parent ?? '')
  const folders = [open, done, parent, gone].map((id) => workspace(home, id ?? ''))
  await run('complete', done ?? '', '--summary', 's')
  await run('archive', parent ?? '', gone ?? '')
  const dry = await json('gc', '--dry-run')
  expect(dry).toMatchObject({ dry_run: true, workspaces: 1, refused: [] })
  expect(folders.map((folder) => existsSync(folder))).toEqual([true, true, true, true])
  expect(await json('gc')).toEqual({ ...dry, dry_run: false })
  expect(folders.map((folder) => existsSync(folder))).toEqual([true, true, true, false])
  await run('complete', child, '--summary', 's')
  expect(await json('gc')).toMatchObject({ workspaces: 1 })
  expect(existsSync(folders[2] ?? '')).toBe(false)
})

test('the workspace of a task that was deleted goes as well, and no other that has no task', async () => {
  const home = await newHome()
  const [deleted, used] = [await home.create('a'), await home.create('b')]
  const folders = [deleted, used, 't_99999999', 'notes'].map((name) => workspace(home, name))
  await home.create('c', '--workspace', `dir:${folders[1]}/src`)
  await home.run('archive', deleted, used, '--rm')
  const dry = await home.json('gc', '--dry-run')
  expect(dry).toMatchObject({
    workspaces: 1,
    refused: [{ task_id: used, reason: expect.stringContaining('is to work there') }],
  })
  expect(await home.json('gc')).toEqual({ ...dry, dry_run: false })
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, true, true, true])
})

test('a folder stays while a task of the same id is worked on, on a board that this one was copied from', async () => {
  const home = await newHome()
  const ids = [await home.create('a'), await home.create('b')]
  const folders = ids.map((id) => workspace(home, id))
  await home.run('archive', ...ids)
  await home.run('archive', ids[1] ?? '', '--rm')
  const runners = await Promise.all(ids.map((id) => runnerElsewhere(home.root, id)))
  const { workspaces, refused } = await home.json('gc')
  expect(workspaces).toBe(0)
  expect(refused.map(({ reason }: { reason: string }) => reason)).toEqual(
    ids.map((id) => expect.stringContaining(`${id} of another board is at work`)),
  )
  for (const runner of runners) await new Promise((closed) => runner.close(closed))
  expect(await home.json('gc')).toMatchObject({ workspaces: 2, refused: [] })
  expect(folders.filter((folder) => existsSync(folder))).toEqual([])
})

/** As a runner of a board on a server has it: its folders are where those of the file of that name are. */
async function runnerElsewhere(root: string, task: string) {
  const folder = folderOfRun(root, { task, run: 9, lock: 'there:1:abcdef' })
  mkdirSync(folder, { recursive: true })
  const place = { slug: 'default', database: 'postgres://there/kanban' }
  writeFileSync(join(folder, 'ticket.json'), JSON.stringify({ task, place }))
  const server = createServer().listen(socketPath(folder))
  await once(server, 'listening')
  return server
}

test('a folder that somebody else is to work in stays, and is named with the reason', async () => {
  const home = await newHome()
  const id = await home.create('first')
  const folder = workspace(home, id)
  const next = await home.create('next', '--workspace', `dir:${folder}`)
  await home.run('archive', id)
  const { out } = await home.run('gc')
  expect(out).toContain(
    `Not removed for ${id}: ${folder} is left as it is: ${next} is to work there`,
  )
  expect(existsSync(folder)).toBe(true)
})

test('a task is not cleared away under a worker that has not ended', async () => {
  const home = await newHome()
  const id = await home.create('busy')
  const folder = workspace(home, id)
  await home.run('claim', id)
  await home.run('archive', id)
  await home.board.store.write((tx) =>
    tx.run(sql`update task_runs set runner_pid = 1 where task_id = ${id}`),
  )
  await home.run('gc')
  expect(existsSync(folder)).toBe(true)
})

test('old logs go, but not those of open tasks, nor what only has such a name', async () => {
  const home = await newHome()
  const [open, done, recent] = [
    await home.create('a'),
    await home.create('b'),
    await home.create('c'),
  ]
  await home.run('complete', done, recent, '--result', 'r')
  const paths = [log(home, open, 40), log(home, done, 40), log(home, recent, 20)]
  const notes = join(home.root, 'notes')
  writeFileSync(notes, 'keep')
  const link = join(home.board.logs, 't_00000000.log')
  symlinkSync(notes, link)
  writeFileSync(join(home.board.logs, 'my notes.txt'), '')
  expect(await home.json('gc')).toMatchObject({ logs: 1 })
  expect(paths.map((path) => existsSync(path))).toEqual([true, false, true])
  expect(readdirSync(home.board.logs)).toContain('my notes.txt')
  expect([existsSync(link), existsSync(notes)]).toEqual([true, true])
  expect(await home.json('gc', '--log-retention-days', '10')).toMatchObject({ logs: 1 })
})

test('old events go, but not those of open tasks', async () => {
  const home = await newHome()
  const [open, done] = [await home.create('a'), await home.create('b')]
  await home.run('complete', done, '--result', 'r')
  await home.board.store.write((tx) => tx.run(sql`update task_events set created_at = 1`))
  expect(await home.json('gc', '--dry-run')).toMatchObject({ events: 2 })
  expect(await home.json('gc')).toMatchObject({ events: 2 })
  expect((await home.json('show', done)).events).toEqual([])
  expect((await home.json('show', open)).events).toHaveLength(1)
})

test('folders of runs that are over go, whatever is left in them; others stay', async () => {
  const home = await newHome()
  const [over, live] = [await home.create('a'), await home.create('b')]
  await home.run('claim', over)
  await home.run('claim', live)
  await home.run('complete', over, '--result', 'r')
  const of = (task: string, run: number) => {
    const folder = folderOfRun(home.root, { task, run, lock: 'a' })
    mkdirSync(folder, { recursive: true })
    return folder
  }
  const folders = [of(over, 1), of(live, 2), of('t_99999999', 3)]
  writeFileSync(join(folders[0] ?? '', 'brief.md'), '')
  mkdirSync(join(runFolder(home.root), 'bin'))
  expect(await home.json('gc')).toMatchObject({ run_folders: 1 })
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, true, true])
  expect(readdirSync(runFolder(home.root))).toContain('bin')
})

test('a retention that means nothing is refused', async () => {
  const { run } = await newHome()
  expect(await run('gc', '--event-retention-days', '-1')).toMatchObject({ code: 2 })
})
