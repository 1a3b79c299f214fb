/**
 * Removes what we made for a task, and nothing else: whoever looks at a folder on its way out must
 * find our marker in it, at its real place, with no link on the way there.
 */

import { constants, type Stats } from 'node:fs'
import { lstat, open, readdir, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileName } from '../lib/file-name.ts'
import { randomHex } from '../lib/random.ts'
import { messageOf } from '../lib/thrown.ts'
import { BoardError } from '../model/error.ts'
import { git } from './git.ts'
import { markerFile, scratchOf } from './workspace.ts'

/** False when there is none. Throws `forbidden` with the reason for whatever is not surely ours. */
export async function removeScratch(
  workspaces: string,
  task: string,
  dryRun: boolean,
): Promise<boolean> {
  const path = scratchOf(workspaces, task)
  const found = await lookAt(path)
  if (found === undefined) return false
  const root = await realpath(workspaces)
  if (!found.isDirectory()) throw refused(path, 'it is no folder')
  if ((await realpath(path)) !== scratchOf(root, task)) throw refused(path, 'it is somewhere else')
  const owner = await ownerOf(path)
  if (owner !== task) throw refused(path, owner === '' ? 'it has no marker' : `it is of ${owner}`)
  if (dryRun) return true
  // Under a name that nobody knows, nothing can be put in its place between the look and the end.
  const aside = join(root, `.removed-${fileName(task)}-${randomHex(8)}`)
  await rename(path, aside)
  const moved = await lstat(aside)
  if (moved.ino !== found.ino || moved.dev !== found.dev || (await ownerOf(aside)) !== task) {
    await rename(aside, path)
    throw refused(path, 'another was put in its place')
  }
  await removeAll(aside, path)
  return true
}

/** Ends removals that a kill has cut off: of folders that were set aside and are surely ours. Returns how many. */
export async function removeLeftovers(workspaces: string, dryRun: boolean): Promise<number> {
  let count = 0
  for (const name of await readdir(workspaces).catch(() => [])) {
    const [, task] = /^\.removed-(.+)-[0-9a-f]{16}$/.exec(name) ?? []
    const path = join(workspaces, name)
    if (task === undefined || !(await lookAt(path))?.isDirectory()) continue
    const owner = await ownerOf(path)
    const isOurs = owner === '' ? (await readdir(path)).length === 0 : fileName(owner) === task
    if (!isOurs) continue
    if (!dryRun) await rm(path, { recursive: true, force: true, maxRetries: 3 })
    count += 1
  }
  return count
}

export interface WorktreeGone {
  /** The ref that keeps what was in it and nowhere else; null when nothing was. */
  readonly saved: string | null
}

export interface WorktreeOfTask {
  readonly task: string
  readonly run: number
  readonly path: string
  /** The PATH on which git is found, and the home folder of the user. */
  readonly search: string
  readonly home: string
  readonly dryRun: boolean
}

/**
 * Removes `<repository>/.worktrees/<task>`; its branch stays. Undefined when it is gone, or when it is
 * a folder that somebody named, and not ours to remove. Throws `forbidden` with the reason.
 */
export async function removeWorktree(of: WorktreeOfTask): Promise<WorktreeGone | undefined> {
  const { task, path } = of
  const name = fileName(task)
  if (basename(path) !== name || basename(dirname(path)) !== '.worktrees') return undefined
  const found = await lookAt(path)
  if (found === undefined) return undefined
  if (!found.isDirectory()) throw refused(path, 'it is no folder')
  const repository = dirname(dirname(path))
  if ((await realpath(path)) !== join(await realpath(repository), '.worktrees', name)) {
    throw refused(path, 'it is somewhere else')
  }
  try {
    return await removeFrom(repository, of)
  } catch (error) {
    throw error instanceof BoardError ? error : refused(path, messageOf(error))
  }
}

async function removeFrom(repository: string, of: WorktreeOfTask): Promise<WorktreeGone> {
  const { path, search, home, task, run, dryRun } = of
  const main = { folder: repository, path: search, home }
  const tree = { ...main, folder: path }
  const top = await realpath(path)
  const listed = (await git(main, 'worktree', 'list', '--porcelain', '-z')).split('\0')
  if (!listed.includes(`worktree ${top}`)) throw refused(path, 'its repository does not know it')
  const common = ['rev-parse', '--path-format=absolute', '--git-common-dir'] as const
  if ((await git(tree, ...common)) !== (await git(main, ...common))) {
    throw refused(path, 'it belongs to another repository')
  }
  const dirty = (await git(tree, 'status', '--porcelain', '--untracked-files=all')) !== ''
  const head = await git(tree, 'rev-parse', 'HEAD')
  const ref = `refs/kanban/${task}/${run}`
  const needed = dirty || !(await isMerged(main, head, await branchOf(tree)))
  if (dryRun) return { saved: needed ? ref : null }
  if (needed) await git(main, 'update-ref', ref, dirty ? await snapshot(tree, task, head) : head)
  await git(main, 'worktree', 'remove', '--force', '--', top)
  return { saved: needed ? ref : null }
}

type At = Parameters<typeof git>[0]

/** Empty where no branch is checked out. */
function branchOf(tree: At): Promise<string> {
  return git(tree, 'branch', '--show-current')
}

/** Whether another branch, of the repository or of where it came from, has the commit too. */
async function isMerged(main: At, commit: string, own: string): Promise<boolean> {
  const refs = await git(main, 'for-each-ref', '--contains', commit, '--format=%(refname)', ...kept)
  return refs.split('\n').some((ref) => ref !== '' && ref !== `refs/heads/${own}`)
}

const kept = ['refs/heads', 'refs/remotes', 'refs/tags']

/** A commit of all that lies there, ignored files apart. Its index goes with the worktree. */
async function snapshot(tree: At, task: string, head: string): Promise<string> {
  await git(tree, 'add', '--all')
  const staged = await git(tree, 'ls-files', '--stage', '-z')
  const inner = staged.split('\0').find((line) => line.startsWith('160000 '))
  if (inner !== undefined) {
    throw refused(tree.folder, `${inner.split('\t')[1]} in it is a repository of its own`)
  }
  const who = ['-c', 'user.name=hermes-kanban', '-c', 'user.email=hermes-kanban@localhost']
  const said = `What the worktree of ${task} held when it was removed`
  const written = await git(tree, 'write-tree')
  return git(tree, ...who, 'commit-tree', '--no-gpg-sign', '-p', head, '-m', said, written)
}

/** Undefined when nothing is there. Never follows a link. */
function lookAt(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw refused(path, error.message)
  })
}

/** What the marker says; empty without one. A link in its place is none. */
async function ownerOf(folder: string): Promise<string> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const file = await open(join(folder, markerFile), flags).catch(() => undefined)
  if (file === undefined) return ''
  try {
    if (!(await file.stat()).isFile()) return ''
    const { buffer, bytesRead } = await file.read(Buffer.alloc(256), 0, 256, 0)
    return buffer.toString('utf8', 0, bytesRead).trim()
  } finally {
    await file.close()
  }
}

/** The marker goes last: what a kill leaves of the folder still says whose it was. */
async function removeAll(aside: string, path: string): Promise<void> {
  try {
    for (const name of await readdir(aside)) {
      if (name === markerFile) continue
      await rm(join(aside, name), { recursive: true, force: true, maxRetries: 3 })
    }
    await rm(aside, { recursive: true, force: true, maxRetries: 3 })
  } catch (error) {
    // Back where it is found again, for the next try.
    await rename(aside, path).catch(() => {})
    throw refused(path, messageOf(error))
  }
}

function refused(path: string, why: string): BoardError {
  return new BoardError('forbidden', `${path} is left as it is: ${why}`, { path })
}
