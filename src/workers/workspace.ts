/** The folder that a run works in. */

import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { expandHome } from '../config.ts'
import { fileName } from '../lib/file-name.ts'
import { makeFolder, privateFolder, writePrivate } from '../lib/files.ts'
import { BoardError } from '../model/error.ts'
import { machineError } from '../model/system-error.ts'
import type { WorkspaceKind } from '../model/task.ts'
import { plainPath } from './environment.ts'
import { unusable } from './unusable.ts'

export type { WorkspaceKind }

export interface WorkspaceChoice {
  readonly kind: WorkspaceKind
  readonly path: string | null
}

/** `scratch`, `dir:<path>`, `worktree` or `worktree:<repository>`; throws `invalid` for anything else. */
export function parseWorkspace(text: string): WorkspaceChoice {
  const [, kind, path] = /^(scratch|dir|worktree)(?::(.*))?$/s.exec(text.trim()) ?? []
  const named = path?.trim()
  if (kind === 'scratch' && path === undefined) return { kind, path: null }
  if (kind === 'worktree' && named !== '') return { kind, path: named ?? null }
  if (kind === 'dir' && named) return { kind, path: named }
  throw new BoardError(
    'invalid',
    `${JSON.stringify(text)} is no workspace: use scratch, dir:<path>, worktree or worktree:<repository>`,
  )
}

export interface WorkspaceOf {
  readonly task: string
  /** The home folder of the user, for `~`. */
  readonly home: string
  /** Where the board has its scratch workspaces. */
  readonly workspaces: string
  /** The repository that `worktree` alone means. */
  readonly defaultWorkdir: string | null
  /** The branch of a worktree; `kanban/<task>` when null. */
  readonly branch: string | null
  /** The PATH on which git is found; that of the system when left out. */
  readonly path?: string | undefined
}

/**
 * Makes the folder where it is missing, and returns its absolute path: the same one for every run of a
 * task on this machine. Throws `environment` with the reason when there can be none.
 */
export function resolveWorkspace(choice: WorkspaceChoice, of: WorkspaceOf): Promise<string> {
  const { kind, path } = choice
  if (kind === 'scratch') return scratch(path, of)
  return kind === 'dir' ? given(path, of) : worktree(path, of)
}

/** Names the task in a folder that we made, so that only such a folder is ever removed. */
export const markerFile = '.hermes-kanban-task'

/** Where the scratch workspace of a task is. */
export function scratchOf(workspaces: string, task: string): string {
  return join(workspaces, fileName(task))
}

async function scratch(stored: string | null, { task, workspaces }: WorkspaceOf): Promise<string> {
  const own = scratchOf(workspaces, task)
  const path = stored !== null && isAbsolute(stored) ? stored : own
  await made(path, async () => {
    try {
      await privateFolder(path)
      if (path === own) await mark(path, task)
    } catch (error) {
      // Where we keep everything it is not the task's fault.
      throw (path === own ? machineError(error) : undefined) ?? error
    }
  })
  return path
}

async function given(path: string | null, { home }: WorkspaceOf): Promise<string> {
  const folder = absolute(path ?? '', home)
  await made(folder, () => makeFolder(folder))
  return folder
}

async function worktree(path: string | null, of: WorkspaceOf): Promise<string> {
  const named = path ?? of.defaultWorkdir
  if (named === null) {
    throw new BoardError(
      'environment',
      `${of.task} wants a worktree of no repository: name it as worktree:<repository>, or set one for the board with \`hermes kanban boards set-workdir\``,
    )
  }
  const start = absolute(named, of.home)
  // Most tasks need no git.
  const { resolveWorktree } = await import('./worktree.ts')
  return resolveWorktree(start, { ...of, path: of.path ?? plainPath })
}

/** False where the path that was asked for says no folder: no worker could start in it. */
export function isResolvable({ kind, path }: WorkspaceChoice, home: string): boolean {
  return kind === 'scratch' || path === null || isAbsolute(expandHome(path, home))
}

/** `~` expanded. What a relative path is relative to would depend on who dispatches. */
function absolute(path: string, home: string): string {
  const expanded = expandHome(path, home)
  if (isAbsolute(expanded)) return expanded
  throw new BoardError(
    'environment',
    `the workspace ${JSON.stringify(path)} is not an absolute path: name the folder from / or ~/ on`,
  )
}

async function made(path: string, make: () => Promise<unknown>): Promise<void> {
  try {
    await make()
    if ((await stat(path)).isDirectory()) return
  } catch (error) {
    if (error instanceof BoardError) throw error
    throw unmakeable(path, error)
  }
  throw unmakeable(path, 'it is not a folder')
}

/** A folder that another task has is not shared by accident. An empty marker is of a start that was cut short. */
async function mark(folder: string, task: string): Promise<void> {
  const path = join(folder, markerFile)
  const owner = (await readFile(path, 'utf8').catch(() => '')).trim()
  if (owner === task) return
  if (owner !== '') throw unmakeable(folder, `it belongs to ${owner}`)
  await writePrivate(path, `${task}\n`)
}

function unmakeable(path: string, why: unknown): BoardError {
  return unusable(`the workspace ${path}`, path, why)
}
