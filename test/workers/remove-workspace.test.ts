import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  removeLeftovers,
  removeScratch,
  removeWorktree,
} from '../../src/workers/remove-workspace.ts'
import { markerFile, resolveWorkspace } from '../../src/workers/workspace.ts'
import { temporaryFolder } from '../lib/folder.ts'

const path = '/usr/local/bin:/usr/bin:/bin'

async function scratch(task = 't_1') {
  const base = realpathSync(temporaryFolder())
  const workspaces = join(base, 'workspaces')
  const of = { task, home: base, workspaces, defaultWorkdir: null, branch: null }
  const folder = await resolveWorkspace({ kind: 'scratch', path: null }, of)
  const treasure = join(base, 'treasure')
  mkdirSync(treasure)
  writeFileSync(join(treasure, 'gold'), 'mine')
  return {
    base,
    workspaces,
    folder,
    treasure,
    remove: () => removeScratch(workspaces, task, false),
  }
}

test('a workspace that we made goes with all that is in it, links without what they lead to', async () => {
  const { workspaces, folder, treasure, remove } = await scratch()
  mkdirSync(join(folder, 'deep', 'deeper'), { recursive: true })
  symlinkSync(treasure, join(folder, 'deep', 'link'))
  symlinkSync('/nowhere', join(folder, 'broken'))
  expect(await removeScratch(workspaces, 't_1', true)).toBe(true)
  expect(existsSync(folder)).toBe(true)
  expect(await remove()).toBe(true)
  expect(readdirSync(workspaces)).toEqual([])
  expect(readFileSync(join(treasure, 'gold'), 'utf8')).toBe('mine')
  expect(await remove()).toBe(false)
})

test('an id that looks like a path makes and removes nothing but a folder of its own', async () => {
  for (const id of ['../treasure', '..', '.', '', 'a/b', '/', '../../../../../../../tmp']) {
    const { base, workspaces, folder, treasure, remove } = await scratch(id)
    expect(realpathSync(join(folder, '..')), id).toBe(workspaces)
    expect(await remove(), id).toBe(true)
    expect(readdirSync(workspaces), id).toEqual([])
    expect(readdirSync(base).toSorted(), id).toEqual(['treasure', 'workspaces'])
    expect(readdirSync(treasure), id).toEqual(['gold'])
  }
})

test('a link in the place of a workspace is refused, whatever it leads to', async () => {
  const { folder, treasure, remove } = await scratch()
  rmSync(folder, { recursive: true })
  writeFileSync(join(treasure, markerFile), 't_1\n')
  symlinkSync(treasure, folder)
  await expect(remove()).rejects.toThrow(`${folder} is left as it is: it is no folder`)
  expect(readdirSync(treasure)).toContain('gold')
})

test('a marker that is a link, is missing or names another task protects the folder', async () => {
  const { base, folder, remove } = await scratch()
  const marker = join(folder, markerFile)
  writeFileSync(marker, 't_2\n')
  await expect(remove()).rejects.toThrow('it is of t_2')
  rmSync(marker)
  await expect(remove()).rejects.toThrow('it has no marker')
  writeFileSync(join(base, 'fake'), 't_1\n')
  symlinkSync(join(base, 'fake'), marker)
  await expect(remove()).rejects.toThrow('it has no marker')
  rmSync(marker)
  execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', marker])
  await expect(remove()).rejects.toThrow('it has no marker')
  expect(existsSync(folder)).toBe(true)
})

test('what a kill leaves of a workspace on its way out goes with the next removal, and nothing else does', async () => {
  const { workspaces, folder, treasure } = await scratch()
  const aside = (task: string, nth: number) =>
    join(workspaces, `.removed-${task}-${String(nth).padStart(16, '0')}`)
  const [whole, bare, another, foreign, link] = [1, 2, 3, 4, 5].map((nth) => aside('t_1', nth))
  renameSync(folder, whole ?? '')
  writeFileSync(join(whole ?? '', 'rest'), '')
  for (const path of [bare, another, foreign]) mkdirSync(path ?? '')
  writeFileSync(join(another ?? '', markerFile), 't_2\n')
  writeFileSync(join(foreign ?? '', 'notes'), 'mine')
  symlinkSync(treasure, link ?? '')
  expect(await removeLeftovers(workspaces, true)).toBe(2)
  expect(readdirSync(workspaces)).toHaveLength(5)
  expect(await removeLeftovers(workspaces, false)).toBe(2)
  const left = [another, foreign, link].map((entry) => entry?.slice(workspaces.length + 1))
  expect(readdirSync(workspaces).toSorted()).toEqual(left)
  expect(readdirSync(treasure)).toEqual(['gold'])
})

test('workspaces may lie behind a link of the user, and only the folder itself is removed', async () => {
  const { base, workspaces, folder } = await scratch()
  const elsewhere = join(base, 'big disk')
  renameSync(workspaces, elsewhere)
  symlinkSync(elsewhere, workspaces)
  writeFileSync(join(elsewhere, 'other'), '')
  expect(await removeScratch(workspaces, 't_1', false)).toBe(true)
  expect(existsSync(folder)).toBe(false)
  expect(readdirSync(elsewhere)).toEqual(['other'])
})

const git = (folder: string, ...args: string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@y', ...args], {
    encoding: 'utf8',
    env: { PATH: path, HOME: folder },
  }).trim()

async function worktree() {
  const base = realpathSync(temporaryFolder())
  const repo = join(base, 'the repo')
  mkdirSync(repo)
  git(repo, 'init', '-q', '-b', 'main')
  writeFileSync(join(repo, 'file'), 'one')
  git(repo, 'add', '.')
  git(repo, 'commit', '-q', '-m', 'one')
  const of = { task: 't_1', home: base, workspaces: base, defaultWorkdir: repo, branch: null, path }
  const tree = await resolveWorkspace({ kind: 'worktree', path: null }, of)
  const remove = (more = {}) =>
    removeWorktree({
      task: 't_1',
      run: 7,
      path: tree,
      search: path,
      home: base,
      dryRun: false,
      ...more,
    })
  return { base, repo, tree, remove }
}

test('a worktree whose work is merged goes without a trace, and its branch stays', async () => {
  const { repo, tree, remove } = await worktree()
  expect(await remove()).toEqual({ saved: null })
  expect(existsSync(tree)).toBe(false)
  expect(git(repo, 'worktree', 'list').split('\n')).toHaveLength(1)
  expect(git(repo, 'branch', '--list', 'kanban/t_1')).not.toBe('')
  expect(git(repo, 'for-each-ref', 'refs/kanban')).toBe('')
  expect(await remove()).toBeUndefined()
})

test('what lies in a worktree and nowhere else is kept under a ref', async () => {
  const { repo, tree, remove } = await worktree()
  writeFileSync(join(tree, 'file'), 'changed')
  mkdirSync(join(tree, 'new ünd odd'))
  writeFileSync(join(tree, 'new ünd odd', 'file'), 'new')
  expect(await remove({ dryRun: true })).toEqual({ saved: 'refs/kanban/t_1/7' })
  expect(existsSync(tree)).toBe(true)
  expect(await remove()).toEqual({ saved: 'refs/kanban/t_1/7' })
  expect(existsSync(tree)).toBe(false)
  expect(git(repo, 'show', 'refs/kanban/t_1/7:file')).toBe('changed')
  expect(git(repo, 'show', 'refs/kanban/t_1/7:new ünd odd/file')).toBe('new')
  expect(git(repo, 'status', '--porcelain')).toBe('')
})

test('commits that no other branch has are kept under a ref', async () => {
  const { repo, tree, remove } = await worktree()
  writeFileSync(join(tree, 'file'), 'two')
  git(tree, 'commit', '-q', '-a', '-m', 'two')
  const head = git(tree, 'rev-parse', 'HEAD')
  expect(await remove()).toEqual({ saved: 'refs/kanban/t_1/7' })
  expect(git(repo, 'rev-parse', 'refs/kanban/t_1/7')).toBe(head)
})

test('a worktree that holds a repository of its own is refused, for it could not be kept', async () => {
  const { tree, remove } = await worktree()
  const inner = join(tree, 'inner')
  mkdirSync(inner)
  git(inner, 'init', '-q')
  writeFileSync(join(inner, 'file'), 'precious')
  git(inner, 'add', '.')
  git(inner, 'commit', '-q', '-m', 'inner')
  await expect(remove()).rejects.toThrow('inner in it is a repository of its own')
  expect(readFileSync(join(inner, 'file'), 'utf8')).toBe('precious')
})

test('what only looks like a worktree of ours is refused, and what somebody named is left alone', async () => {
  const { base, repo, tree, remove } = await worktree()
  const other = join(base, 'other')
  renameSync(tree, other)
  symlinkSync(other, tree)
  await expect(remove()).rejects.toThrow(`${tree} is left as it is: it is no folder`)
  rmSync(tree)
  mkdirSync(tree)
  writeFileSync(join(tree, 'file'), 'mine')
  await expect(remove({ path: tree })).rejects.toThrow('is left as it is')
  expect(readFileSync(join(tree, 'file'), 'utf8')).toBe('mine')
  expect(await remove({ path: repo })).toBeUndefined()
  expect(await remove({ path: other })).toBeUndefined()
})

test('a locked worktree is left to whoever locked it', async () => {
  const { repo, tree, remove } = await worktree()
  git(repo, 'worktree', 'lock', tree)
  await expect(remove()).rejects.toThrow(/is left as it is: .*lock/)
  expect(existsSync(tree)).toBe(true)
})
