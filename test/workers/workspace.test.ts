import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  markerFile,
  parseWorkspace,
  resolveWorkspace,
  type WorkspaceChoice,
} from '../../src/workers/workspace.ts'
import { temporaryFolder } from '../lib/folder.ts'

test.each([
  ['scratch', 'scratch', null],
  [' worktree ', 'worktree', null],
  ['worktree:~/src/app', 'worktree', '~/src/app'],
  ['dir:/srv/a:b c', 'dir', '/srv/a:b c'],
])('%j is a workspace', (text, kind, path) => {
  expect(parseWorkspace(text)).toEqual({ kind, path })
})

test.each([
  '',
  'dir',
  'dir:',
  'dir: ',
  'worktree:',
  'scratch:',
  'scratch:/x',
  'Scratch',
  '/tmp',
  'repo:/x',
])('%j is no workspace', (text) => {
  expect(() => parseWorkspace(text)).toThrow('use scratch, dir:<path>')
})

function resolver(task = 't_1a2b3c4d') {
  const base = temporaryFolder()
  const of = {
    task,
    home: join(base, 'home'),
    workspaces: join(base, 'w'),
    defaultWorkdir: null,
    branch: null,
  }
  return { base, of, resolve: (choice: WorkspaceChoice) => resolveWorkspace(choice, of) }
}

test('a scratch workspace is private, marked, and the same for each attempt', async () => {
  const { base, resolve } = resolver()
  const first = await resolve({ kind: 'scratch', path: null })
  expect(first).toBe(join(base, 'w', 't_1a2b3c4d'))
  expect(statSync(first).mode & 0o777).toBe(0o700)
  expect(readFileSync(join(first, markerFile), 'utf8')).toBe('t_1a2b3c4d\n')
  writeFileSync(join(first, 'half.md'), 'done')
  expect(await resolve({ kind: 'scratch', path: first })).toBe(first)
  expect(readFileSync(join(first, 'half.md'), 'utf8')).toBe('done')
})

test('a place that cannot be is the fault of the task that stores it, and of the machine where it is ours', async () => {
  const { base, of, resolve } = resolver()
  writeFileSync(join(base, 'file'), '')
  const stored = { kind: 'scratch', path: join(base, 'file', 'x') } as const
  const refusal = { code: 'environment', details: { path: stored.path } }
  await expect(resolve(stored)).rejects.toMatchObject(refusal)
  const ours = resolveWorkspace(
    { kind: 'scratch', path: null },
    { ...of, workspaces: join(base, 'file') },
  )
  await expect(ours).rejects.toMatchObject({ details: { machine: true } })
})

test('a stored absolute path is used as it is, and not marked as ours', async () => {
  const { base, resolve } = resolver()
  const stored = join(base, 'older', 'place')
  expect(await resolve({ kind: 'scratch', path: stored })).toBe(stored)
  expect(existsSync(join(stored, markerFile))).toBe(false)
  expect(await resolve({ kind: 'scratch', path: 'relative' })).toBe(join(base, 'w', 't_1a2b3c4d'))
})

test('a folder that belongs to another task is refused', async () => {
  const { of, resolve } = resolver()
  const folder = await resolve({ kind: 'scratch', path: null })
  writeFileSync(join(folder, markerFile), 't_ffffffff\n')
  await expect(resolveWorkspace({ kind: 'scratch', path: null }, of)).rejects.toThrow(
    'it belongs to t_ffffffff',
  )
})

test('a marker that a killed start left empty does not lock a task out', async () => {
  const { resolve } = resolver()
  const folder = await resolve({ kind: 'scratch', path: null })
  writeFileSync(join(folder, markerFile), '')
  expect(await resolve({ kind: 'scratch', path: null })).toBe(folder)
})

test('a folder of the user is made when missing, and stays theirs', async () => {
  const { base, resolve } = resolver()
  const folder = join(base, 'theirs', 'deep')
  expect(await resolve({ kind: 'dir', path: folder })).toBe(folder)
  expect(existsSync(join(folder, markerFile))).toBe(false)
  expect(await resolve({ kind: 'dir', path: '~/in home' })).toBe(join(base, 'home', 'in home'))
})

test.each(['here', './here', '../x', '~other/x', ''])(
  'dir:%s is not absolute and refused',
  async (path) => {
    const { resolve } = resolver()
    await expect(resolve({ kind: 'dir', path })).rejects.toMatchObject({ code: 'environment' })
    await expect(resolve({ kind: 'dir', path })).rejects.toThrow('is not an absolute path')
  },
)

test('a folder that cannot be made is an error that says why', async () => {
  const { base, resolve } = resolver()
  mkdirSync(join(base, 'w'))
  writeFileSync(join(base, 'file'), '')
  await expect(resolve({ kind: 'dir', path: join(base, 'file') })).rejects.toThrow(
    'it is not a folder',
  )
  await expect(resolve({ kind: 'dir', path: join(base, 'file', 'x') })).rejects.toThrow('ENOTDIR')
  writeFileSync(join(base, 'w', 't_1a2b3c4d'), '')
  await expect(resolve({ kind: 'scratch', path: null })).rejects.toMatchObject({
    code: 'environment',
  })
})

test('a worktree of nothing is refused with what to do', async () => {
  const { resolve } = resolver()
  await expect(resolve({ kind: 'worktree', path: null })).rejects.toThrow('worktree:<repository>')
  await expect(resolve({ kind: 'worktree', path: 'src/app' })).rejects.toThrow(
    'not an absolute path',
  )
})
