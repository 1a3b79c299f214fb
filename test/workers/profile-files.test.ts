import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archiveProfile, editProfile, makeProfile } from '../../src/workers/profile-files.ts'
import { listProfiles } from '../../src/workers/profile-paths.ts'
import { loadProfile } from '../../src/workers/profiles.ts'
import { temporaryFolder } from '../lib/folder.ts'

const wanted = (name: string, settings = {}) => ({ name, settings, instructions: '', skills: {} })

const fileOf = (root: string, name: string) => join(root, 'profiles', name, 'config.yaml')

test('a profile is made whole, for its owner alone', async () => {
  const root = temporaryFolder()
  await makeProfile(root, {
    name: 'writer',
    settings: { description: 'Writes', command: ['node', 'work.mjs'], max_runtime: '2h' },
    instructions: 'You write.\n\n',
    skills: { tone: '---\ndescription: tone\n---\n' },
  })
  const folder = join(root, 'profiles', 'writer')
  expect(readFileSync(join(folder, 'config.yaml'), 'utf8')).toBe(
    'kanban:\n  description: Writes\n  command:\n    - node\n    - work.mjs\n  max_runtime: 2h\n',
  )
  expect(readFileSync(join(folder, 'SOUL.md'), 'utf8')).toBe('You write.\n')
  expect(readdirSync(join(folder, 'skills'))).toEqual(['tone'])
  for (const path of [folder, join(folder, 'skills', 'tone')]) {
    expect(statSync(path).mode & 0o777).toBe(0o700)
  }
  expect(statSync(join(folder, 'config.yaml')).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(root, 'profiles'))).toEqual(['writer'])
})

test('a name that is taken, or none, is refused, and nothing is left behind', async () => {
  const root = temporaryFolder()
  await makeProfile(root, wanted('writer', { model: 'a' }))
  for (const [name, code] of [
    ['writer', 'conflict'],
    ['Writer ', 'conflict'],
    ['default', 'conflict'],
    ['../../etc', 'invalid'],
    ['_archived', 'invalid'],
    ['', 'invalid'],
  ]) {
    await expect(makeProfile(root, wanted(name ?? ''))).rejects.toMatchObject({ code })
  }
  await expect(makeProfile(root, wanted('x', { permissions: 'ask' }))).rejects.toMatchObject({
    code: 'config',
    message: expect.stringMatching(
      /x\/config\.yaml: kanban\.permissions must be one of allow, deny$/,
    ),
  })
  expect(readdirSync(join(root, 'profiles'))).toEqual(['writer'])
  expect((await loadProfile(root, 'writer')).model).toBe('a')
})

test('of several that make the same profile one wins', async () => {
  const root = temporaryFolder()
  const all = ['a', 'b', 'c', 'd'].map((model) => makeProfile(root, wanted('w', { model })))
  const ends = await Promise.allSettled(all)
  const won = ends.findIndex(({ status }) => status === 'fulfilled')
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect((await loadProfile(root, 'w')).model).toBe('abcd'[won])
  expect(readdirSync(join(root, 'profiles'))).toEqual(['w'])
})

const lived = `# mine
model:
  provider: anthropic # the other edition's
kanban:
  # how it is started
  command: node work.mjs
  model: opus
  env:
    MODE: fast # for now
    KEY: old
terminal: { backend: local }
`

test('an edit leaves comments and foreign keys as they are', async () => {
  const root = temporaryFolder()
  await makeProfile(root, wanted('w'))
  writeFileSync(fileOf(root, 'w'), lived)
  const { profile } = await editProfile(root, 'w', {
    model: undefined,
    max_runtime: '30m',
    'env.KEY': undefined,
    'env.NEW': '1',
  })
  expect(profile).toMatchObject({ model: null, max_runtime: 1800, env: { MODE: 'fast', NEW: '1' } })
  expect(readFileSync(fileOf(root, 'w'), 'utf8')).toBe(
    lived
      .replace('  model: opus\n', '')
      .replace('    KEY: old\n', '    NEW: "1"\n  max_runtime: 30m\n'),
  )
})

test('a file without settings of ours gets them', async () => {
  const root = temporaryFolder()
  mkdirSync(join(root, 'profiles', 'bare'), { recursive: true })
  await editProfile(root, 'bare', { command: 'true' })
  expect(readFileSync(fileOf(root, 'bare'), 'utf8')).toBe('kanban:\n  command: "true"\n')
  writeFileSync(join(root, 'config.yaml'), 'kanban:\n  max_workers: 3\n')
  await editProfile(root, 'default', { command: 'true' })
  expect(readFileSync(join(root, 'config.yaml'), 'utf8')).toBe(
    'kanban:\n  max_workers: 3\n  command: "true"\n',
  )
})

test('an edit that could not be used changes nothing', async () => {
  const root = temporaryFolder()
  await makeProfile(root, wanted('w', { model: 'opus' }))
  await expect(editProfile(root, 'w', { max_concurrent: 0 })).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining('kanban.max_concurrent must be a whole number, 1 or more'),
  })
  expect((await loadProfile(root, 'w')).model).toBe('opus')
  writeFileSync(fileOf(root, 'w'), 'kanban: [\n')
  await expect(editProfile(root, 'w', { model: 'x' })).rejects.toMatchObject({ code: 'config' })
  expect(readFileSync(fileOf(root, 'w'), 'utf8')).toBe('kanban: [\n')
  await expect(editProfile(root, 'nobody', {})).rejects.toMatchObject({ code: 'not_found' })
})

test('a deleted profile is kept, also when one of its name was before', async () => {
  const root = temporaryFolder()
  const kept: string[] = []
  for (const model of ['first', 'second']) {
    await makeProfile(root, wanted('w', { model }))
    kept.push(await archiveProfile(root, 'w', 1000))
  }
  expect(kept).toEqual(
    ['w-1000', 'w-1000-2'].map((name) => join(root, 'profiles', '_archived', name)),
  )
  expect(readFileSync(join(kept[1] ?? '', 'config.yaml'), 'utf8')).toContain('second')
  expect(listProfiles(root)).toEqual(['default'])
  await expect(archiveProfile(root, 'w', 1000)).rejects.toMatchObject({ code: 'not_found' })
  await expect(archiveProfile(root, 'default', 1000)).rejects.toMatchObject({ code: 'forbidden' })
})
