/** Boards, in the words that a person reads. */

import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderOfRun } from '../../src/dispatcher/run-folder.ts'
import { writeTicket } from '../../src/dispatcher/ticket.ts'
import { privateFolder } from '../../src/lib/files.ts'
import { socketPath } from '../../src/lib/socket.ts'
import { claimLock } from '../../src/model/lock.ts'
import { loadProfile } from '../../src/workers/profiles.ts'
import { token } from '../board/support.ts'
import { hermes, newHome, newRoot } from './home.ts'

test('a board is made, listed, shown, named anew and switched to', async () => {
  const { run, json, create, root } = await newHome()
  const says = async (...argv: string[]) => (await run('boards', ...argv)).out
  await create('x')
  expect(await says('create', 'Website', '--name', 'The website')).toBe('Created board website')
  expect(await says('list')).toBe(
    '*  default               1 ready\n   website  The website  empty',
  )
  expect(await says('rename', 'website', 'The', 'shop')).toBe('Renamed board website to The shop')
  expect(await says('set-workdir', 'website', '/srv/shop')).toBe(
    'Set the repository of board website to /srv/shop',
  )
  expect(await says('show', 'website')).toMatch(
    /^slug {13}website\nname {13}The shop\ncreated_at {7}\d{4}-.*\ndefault_workdir {2}\/srv\/shop\ndatabase {9}\/.*\/website\/kanban\.db$/,
  )
  expect(await says('set-workdir', 'website', 'none')).toBe(
    'Set the repository of board website to none',
  )
  expect(await run('boards', 'switch', 'website')).toEqual({
    code: 0,
    out: 'Switched to board website',
    err: '',
  })
  expect(readFileSync(join(root, 'kanban', 'current'), 'utf8')).toBe('website\n')
  expect(await json('boards', 'list')).toMatchObject([
    { slug: 'default', current: false, by_status: { ready: 1 } },
    { slug: 'website', name: 'The shop', default_workdir: null, current: true },
  ])
  expect(await json('boards', 'create', 'third', '--icon', '◎')).toMatchObject({
    slug: 'third',
    icon: '◎',
    archived: false,
  })
})

test('boards show without a name shows the one that is meant', async () => {
  const { run, json, root } = await newHome()
  await run('boards', 'create', 'website')
  expect(await json('boards', 'show')).toMatchObject({
    slug: 'default',
    database: join(root, 'kanban.db'),
  })
  expect(await json('boards', 'show', '--board', 'website')).toMatchObject({ slug: 'website' })
})

test('a board is put away or deleted, and says so', async () => {
  const { run, json, root } = await newHome()
  for (const flags of [[], ['--delete']]) {
    await run('boards', 'create', 'website')
    const { out, code } = await run('boards', 'rm', 'website', ...flags)
    expect(code).toBe(0)
    const [, kept] =
      /^(?:Archived board website {2}\((.+)\)|Deleted board website)$/.exec(out) ?? []
    if (flags.length === 0) expect(existsSync(join(kept ?? '', 'kanban.db'))).toBe(true)
    expect(existsSync(join(root, 'kanban', 'boards', 'website'))).toBe(false)
  }
  expect(await json('boards', 'list')).toHaveLength(1)
})

test('a board on which something runs stays', async () => {
  const { run, json } = await newHome()
  await run('boards', 'create', 'website')
  const { id } = await json('create', 'x', '--board', 'website')
  await run('claim', id, '--board', 'website')
  expect(await run('boards', 'rm', 'website', '--delete')).toEqual({
    code: 1,
    out: '',
    err: `the board website cannot be removed: ${id} is running; reclaim or finish it first`,
  })
})

test('a board that cannot be opened does not hide the others', async () => {
  const { run, json, root } = await newHome()
  await run('boards', 'create', 'website')
  const file = join(root, 'kanban', 'boards', 'website', 'kanban.db')
  writeFileSync(file, 'no database, but somebody may need it'.repeat(100))
  expect((await run('boards', 'list')).out).toMatch(/website +cannot be opened$/m)
  expect(await json('boards', 'list')).toMatchObject([{}, { slug: 'website', by_status: null }])
})

test('a damaged board is put away as it is, unless a runner of it answers, and never deleted', async () => {
  const { run, json, root } = await newHome()
  await run('boards', 'create', 'website')
  const folder = join(root, 'kanban', 'boards', 'website')
  const text = 'no database, but somebody may need it'.repeat(100)
  writeFileSync(join(folder, 'kanban.db'), text)
  const deleted = await run('boards', 'rm', 'website', '--delete')
  expect(deleted).toMatchObject({ code: 1, out: '' })
  expect(deleted.err).toMatch(
    /^the board website is not deleted, .* put it away without deleting it$/,
  )

  const runner = await listenAsRunner(root, 'website', 't_00000001')
  expect((await run('boards', 'rm', 'website')).err).toBe(
    'the board website cannot be removed: t_00000001 is running; reclaim or finish it first',
  )
  await runner.close()

  const { out, code } = await run('boards', 'rm', 'website')
  expect(code).toBe(0)
  const [, kept = ''] = /^Archived board website {2}\((.+)\)$/.exec(out) ?? []
  expect(readFileSync(join(kept, 'kanban.db'), 'utf8')).toBe(text)
  expect(await json('boards', 'list')).toHaveLength(1)
})

/** As a runner does that owns a run of that board. */
async function listenAsRunner(root: string, slug: string, task: string) {
  const lock = claimLock('here', 7, token(1))
  const folder = folderOfRun(root, { task, run: 1, lock })
  await privateFolder(folder)
  await writeTicket(folder, {
    ...{
      root,
      program: [],
      task,
      run: 1,
      lock,
      profile: 'p',
      settings: await loadProfile(root, 'default'),
      team: [],
      account: 'p',
      ttl: 900,
      logMaxBytes: 1,
      logBackups: 1,
      maxCreated: 1,
    },
    place: { slug, database: '', workspaces: '', logs: '' },
    policy: { limit: 5, source: 'default', delay: 5 },
  })
  // Of an earlier version of this program, as after an upgrade.
  const file = join(folder, 'ticket.json')
  writeFileSync(file, readFileSync(file, 'utf8').replace('"format":', '"format":-'))
  const server = createServer().listen(socketPath(folder))
  await once(server, 'listening')
  return { close: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}

test('whoever switches under a pin is told that the pin comes first', async () => {
  const root = newRoot()
  await hermes(root, ['kanban', 'boards', 'create', 'website'])
  const env = { HERMES_KANBAN_BOARD: 'default' }
  const { out, err } = await hermes(root, ['kanban', 'boards', 'switch', 'website'], { env })
  expect(out).toBe('Switched to board website\n')
  expect(err).toBe('hermes: HERMES_KANBAN_BOARD is set here and comes first: unset it\n')
})

test('whoever means a board that is gone is told which one it is in its place', async () => {
  const root = newRoot()
  const create = (env: Readonly<Record<string, string>>) =>
    hermes(root, ['kanban', 'create', 'x'], { env })
  const pinned = { HERMES_KANBAN_BOARD: 'nope' }
  expect(await create(pinned)).toEqual({
    code: 0,
    out: expect.stringMatching(/^Created t_\w+ .*\n$/),
    err: 'hermes: HERMES_KANBAN_BOARD names the board "nope", which is not there: this is the board default; correct or unset it\n',
  })
  expect((await create({ ...pinned, HERMES_KANBAN_TASK: 't_1a2b3c4d' })).err).toBe('')
})

test('a board that is mistyped is met with the one that was meant, and never made by who removes one', async () => {
  const { run } = await newHome()
  await run('boards', 'create', 'second')
  for (const verb of ['switch', 'rm']) {
    const { code, err } = await run('boards', verb, 'secnd')
    expect({ code, err }).toEqual({ code: 1, err: 'there is no board secnd: did you mean second?' })
  }
  expect((await run('boards', 'switch', 'third')).err).toContain('boards create third')
  expect((await run('boards', 'rm', 'third')).err).toBe(
    'there is no board third: `hermes kanban boards list` names those there are',
  )
})

test('a pinned file is none of the boards that are listed', async () => {
  const root = newRoot()
  const said = async (env: Readonly<Record<string, string>>) =>
    (await hermes(root, ['kanban', 'boards', 'list'], { env })).out
  expect(await said({})).toBe('*  default  empty\n')
  expect(await said({ HERMES_KANBAN_DB: join(root, 'kanban.db') })).toBe('*  default  empty\n')
  expect(await said({ HERMES_KANBAN_DB: join(root, 'other.db') })).toBe('   default  empty\n')
  const { err } = await hermes(root, ['kanban', 'list'], { env: { HERMES_KANBAN_DB: root } })
  expect(err).toBe(`hermes: ${root} is a folder: name the file of a board\n`)
})

test('the password of a database is not shown, whether it answers or not', async () => {
  const env = { HERMES_KANBAN_DB: 'postgres://ann:s3cret@127.0.0.1:1/kanban' }
  for (const verb of ['show', 'list']) {
    const { out, err } = await hermes(newRoot(), ['kanban', 'boards', verb], { env })
    expect(out + err).not.toContain('s3cret')
    expect(out + err).not.toBe('')
  }
})
