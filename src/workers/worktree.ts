/** A git worktree for each task: `<repository>/.worktrees/<task>`, on a branch of its own. */

import { appendFile, mkdir, readdir, readFile, realpath, rmdir, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { fileName } from '../lib/file-name.ts'
import { git } from './git.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { unusable } from './unusable.ts'

const folder = '.worktrees'

export interface WorktreeOf {
  readonly task: string
  /** `kanban/<task>` when null. */
  readonly branch: string | null
  readonly home: string
  /** Where git is found. */
  readonly path: string
}

/**
 * Makes the worktree, or finds it again. `named` is the root of a repository, a linked worktree, or a path
 * under a `.worktrees` folder, which is then the worktree itself. Absolute. Throws `environment` with the reason.
 */
export async function resolveWorktree(named: string, of: WorktreeOf): Promise<string> {
  try {
    return await worktreeOf(named, of)
  } catch (error) {
    throw unusable(`a worktree of ${named}`, named, error)
  }
}

async function worktreeOf(named: string, of: WorktreeOf): Promise<string> {
  const inside = named.lastIndexOf(`${sep}${folder}${sep}`)
  if (inside >= 0) {
    const repository = await repositoryAt(named.slice(0, inside), of)
    return add(repository, named, of)
  }
  const repository = await repositoryAt(named, of)
  if (repository.isLinked) return named
  return add(repository, join(repository.top, folder, fileName(of.task)), of)
}

interface Repository {
  readonly top: string
  /** Of this working tree alone. */
  readonly own: string
  /** What all worktrees of the repository share. */
  readonly common: string
  readonly isLinked: boolean
}

/** Only its root names a repository: a folder deeper down may be meant as `dir:`. */
async function repositoryAt(path: string, of: WorktreeOf): Promise<Repository> {
  if ((await stat(path).catch(nothing)) === undefined) throw new Error('it does not exist')
  const said = await git(
    { ...of, folder: path },
    ...['rev-parse', '--path-format=absolute', '--show-toplevel', '--git-dir', '--git-common-dir'],
  )
  const [top = '', own = '', common = ''] = said.split('\n')
  if (top !== (await realpath(path))) throw new Error(`the root of its repository is ${top}`)
  return { top, own, common, isLinked: own !== common }
}

/** One at a time per repository: git 2.39 fails in every second of 30 `worktree add` at once. */
function add(repository: Repository, target: string, of: WorktreeOf): Promise<string> {
  return oneAtATime(join(repository.common, 'kanban-worktrees.lock'), async () => {
    if (!(await isThere(repository, target, of))) await make(repository, target, of)
    return target
  })
}

async function isThere(repository: Repository, target: string, of: WorktreeOf): Promise<boolean> {
  const entries = await readdir(target).catch(nothing)
  if (entries === undefined || entries.length === 0) return false
  const found = await repositoryAt(target, of).catch(nothing)
  if (!found?.isLinked || found.common !== repository.common) {
    throw new Error(`${target} is there, and is no worktree of it`)
  }
  return !(await isHalfMade(found))
}

/** Git's own mark while it makes a worktree; ours is the only hand that does so here. */
async function isHalfMade({ own }: Repository): Promise<boolean> {
  const locked = await readFile(join(own, 'locked'), 'utf8').catch(nothing)
  return locked?.startsWith('initializing') ?? false
}

const nothing = () => undefined

async function make(repository: Repository, target: string, of: WorktreeOf): Promise<void> {
  const at = { ...of, folder: repository.top }
  const branch = of.branch ?? `kanban/${of.task}`
  if (branch.startsWith('-')) throw new Error(`${branch} is no name for a branch`)
  await git(at, 'check-ref-format', '--branch', branch)
  await exclude(repository.common)
  await mkdir(dirname(target), { recursive: true })
  await rmdir(target).catch(nothing)
  await forget(target, at)
  const known = await git(at, 'branch', '--list', '--format=%(refname:short)', '--', branch)
  if (known === branch) await git(at, 'worktree', 'add', '--', target, branch)
  else await git(at, 'worktree', 'add', '--no-track', '-b', branch, '--', target)
}

/** What was half made, or has lost its folder, is registered, and git would not make it again. The branch stays. */
async function forget(target: string, at: Parameters<typeof git>[0]): Promise<void> {
  const listed = await git(at, 'worktree', 'list', '--porcelain')
  if (listed.split('\n').includes(`worktree ${target}`)) {
    await git(at, 'worktree', 'remove', '--force', '--force', '--', target)
  }
}

/** In the repository's own list and not in .gitignore, which is the user's. */
async function exclude(common: string): Promise<void> {
  const path = join(common, 'info', 'exclude')
  const rule = `/${folder}/`
  const rules = await readFile(path, 'utf8').catch(() => '')
  if (rules.split('\n').includes(rule)) return
  await mkdir(dirname(path), { recursive: true })
  await appendFile(path, `${rules === '' || rules.endsWith('\n') ? '' : '\n'}${rule}\n`)
}
