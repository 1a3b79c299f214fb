import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { resolveWorktree } from '../../src/workers/worktree.ts'
import { temporaryFolder } from '../lib/folder.ts'

const path = '/usr/local/bin:/usr/bin:/bin'

const git = (folder: string, ...args: string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@y', ...args], {
    encoding: 'utf8',
    env: { PATH: path, HOME: folder },
  }).trim()

function repository() {
  const base = realpathSync(temporaryFolder())
  const repo = join(base, 'the repo')
  mkdirSync(repo)
  git(repo, 'init', '-q', '-b', 'main')
  writeFileSync(join(repo, 'file'), 'one')
  git(repo, 'add', '.')
  git(repo, 'commit', '-q', '-m', 'one')
  const at = (named: string, task = 't_1', branch: string | null = null) =>
    resolveWorktree(named, { task, branch, home: base, path })
  return { base, repo, at }
}

test('a task gets a worktree on a branch of its own, which the repository ignores', async () => {
  const { repo, at } = repository()
  const tree = await at(repo)
  expect(tree).toBe(join(repo, '.worktrees', 't_1'))
  expect(git(tree, 'branch', '--show-current')).toBe('kanban/t_1')
  expect(readFileSync(join(tree, 'file'), 'utf8')).toBe('one')
  expect(git(repo, 'status', '--porcelain')).toBe('')
})

test('an id that looks like a path leads to no other folder', async () => {
  const { base, repo, at } = repository()
  for (const id of ['../../out', '..', 'a/../../../out']) {
    const tree = await at(repo, id, `for-${id.length}`)
    expect(realpathSync(join(tree, '..')), id).toBe(join(repo, '.worktrees'))
  }
  expect(readdirSync(base)).toEqual(['the repo'])
})

test('an attempt after the first finds the worktree as it was left', async () => {
  const { repo, at } = repository()
  const tree = await at(repo)
  writeFileSync(join(tree, 'half'), 'done')
  expect(await at(repo)).toBe(tree)
  expect(await at(tree)).toBe(tree)
  expect(readdirSync(tree)).toContain('half')
  const rules = readFileSync(join(repo, '.git', 'info', 'exclude'), 'utf8').split('\n')
  expect(rules.filter((rule) => rule === '/.worktrees/')).toHaveLength(1)
})

test('a branch that was asked for is made, or used when it is there', async () => {
  const { repo, at } = repository()
  git(repo, 'branch', 'feature/x')
  expect(git(await at(repo, 't_1', 'feature/x'), 'branch', '--show-current')).toBe('feature/x')
  expect(git(await at(repo, 't_2', 'feature/y'), 'branch', '--show-current')).toBe('feature/y')
  await expect(at(repo, 't_3', 'feature/x')).rejects.toThrow(/already (checked out|used)/)
})

test.each(['-f', 'a..b', 'a b', '--help', 'x.lock', '@{-1}'])('%j is no branch', async (branch) => {
  const { repo, at } = repository()
  await expect(at(repo, 't_1', branch)).rejects.toMatchObject({ code: 'environment' })
  expect(existsSync(join(repo, '.worktrees', 't_1'))).toBe(false)
})

test('a stored path under .worktrees is the worktree, and is made again where it is gone', async () => {
  const { repo, at } = repository()
  const tree = await at(repo)
  git(tree, 'commit', '-q', '--allow-empty', '-m', 'work')
  const work = git(tree, 'rev-parse', 'HEAD')
  rmSync(tree, { recursive: true })
  expect(await at(tree)).toBe(tree)
  expect(git(tree, 'rev-parse', 'HEAD')).toBe(work)
  const other = join(repo, '.worktrees', 'by-hand')
  expect(await at(other, 't_2')).toBe(other)
})

test('a linked worktree elsewhere is used as it is', async () => {
  const { base, repo, at } = repository()
  const linked = join(base, 'linked')
  git(repo, 'worktree', 'add', '-q', '-b', 'mine', linked)
  expect(await at(linked)).toBe(linked)
  expect(git(linked, 'branch', '--show-current')).toBe('mine')
})

test('a worktree that was half made is made anew', async () => {
  const { repo, at } = repository()
  const tree = await at(repo)
  rmSync(join(tree, 'file'))
  writeFileSync(join(repo, '.git', 'worktrees', 't_1', 'locked'), 'initializing')
  expect(await at(repo)).toBe(tree)
  expect(readFileSync(join(tree, 'file'), 'utf8')).toBe('one')
})

test('what is no repository, or not its root, is refused and named', async () => {
  const { base, repo, at } = repository()
  mkdirSync(join(repo, 'deeper'))
  await expect(at(join(repo, 'deeper'))).rejects.toThrow(`the root of its repository is ${repo}`)
  await expect(at(base)).rejects.toThrow('not a git repository')
  await expect(at(join(base, 'nowhere'))).rejects.toThrow('it does not exist')
  await expect(at(join(base, 'nowhere', '.worktrees', 'x'))).rejects.toThrow('it does not exist')
})

test('a folder with something else in it is left alone', async () => {
  const { repo, at } = repository()
  const taken = join(repo, '.worktrees', 't_1')
  mkdirSync(taken, { recursive: true })
  writeFileSync(join(taken, 'theirs'), '')
  await expect(at(repo)).rejects.toThrow('is no worktree of it')
  expect(readdirSync(taken)).toEqual(['theirs'])
})

test('hooks of the repository do not run', async () => {
  const { base, repo, at } = repository()
  const hook = join(repo, '.git', 'hooks', 'post-checkout')
  mkdirSync(join(repo, '.git', 'hooks'), { recursive: true })
  writeFileSync(hook, `#!/bin/sh\ntouch "${base}/ran"\n`)
  chmodSync(hook, 0o755)
  await at(repo)
  expect(existsSync(join(base, 'ran'))).toBe(false)
})

test('many tasks may ask for worktrees of one repository at once', async () => {
  const { repo, at } = repository()
  const tasks = Array.from({ length: 12 }, (_, i) => `t_${i}`)
  const trees = await Promise.all(tasks.map((task) => at(repo, task)))
  expect(trees.map((tree) => git(tree, 'branch', '--show-current'))).toEqual(
    tasks.map((task) => `kanban/${task}`),
  )
})
