import { existsSync } from 'node:fs'
import { boardFactsOf } from '../board/boards.ts'
import { nearest } from '../lib/nearest.ts'
import { satisfies } from '../model/status.ts'
import type { Task } from '../model/task.ts'
import { listProfiles, profileFile } from '../workers/profile-paths.ts'
import { isResolvable, type WorkspaceKind } from '../workers/workspace.ts'
import type { Context } from './operation.ts'

/** What somebody who creates a task, or gives it to somebody, should know about what will become of it. */
export interface Prospects {
  /** Nothing here starts it by itself. */
  readonly warning?: string
  /** What a person can do so that it starts. */
  readonly hint?: string
}

export async function prospects(task: Task, context: Context): Promise<Prospects> {
  const { root } = context.environment
  if (satisfies(task.status)) return {}
  const unplaced = await whyUnplaced(task, context)
  if (unplaced !== undefined) {
    return {
      warning: `no worker of ${task.id} can start, for ${unplaced}`,
    }
  }
  if (task.assignee === null) return {}
  const idle = await whyIdle(task.assignee, task.id, context)
  if (idle !== undefined) {
    const whom = (await isShared(context))
      ? 'for a machine that has it, or for somebody who claims it by hand'
      : 'until somebody claims it by hand'
    return { warning: `${task.assignee} ${idle.why}, so ${task.id} waits ${whom}; ${idle.next}` }
  }
  if (task.status !== 'ready' || context.worker !== undefined) return {}
  const { dispatcherAlive } = await import('../dispatcher/holder.ts')
  const { alive } = await dispatcherAlive(root)
  if (alive) return {}
  return {
    hint: (await isShared(context))
      ? `no dispatcher is running on this machine: \`hermes gateway run\` starts ${task.id} here, unless another machine does`
      : `no dispatcher is running: \`hermes gateway run\` starts ${task.id}`,
  }
}

/** Why nothing here works as that assignee, and what to do; undefined when something may. */
async function whyIdle(
  assignee: string,
  id: string,
  { worker, environment: { root } }: Context,
): Promise<{ readonly why: string; readonly next: string } | undefined> {
  const profiles = listProfiles(root)
  const here = `profiles here: ${profiles.join(', ')}`
  // A worker gives no task to somebody else, and changes no profile.
  const isWorker = worker !== undefined
  if (!profiles.includes(assignee)) {
    const meant = nearest(assignee, profiles)
    const how = isWorker ? '' : ` hermes kanban assign ${id} ${meant}`
    const next = meant === undefined ? here : `did you mean ${meant}?${how}`
    return { why: 'is no profile on this machine', next }
  }
  if (!(await isWithoutRuntime(root, assignee))) return undefined
  const mend = `hermes profile edit ${assignee} --runtime <name> lets it start workers`
  return { why: 'has no runtime on this machine', next: isWorker ? here : mend }
}

/** What is wrong with the file of a profile is for `why` and the doctor to say. */
async function isWithoutRuntime(root: string, name: string): Promise<boolean> {
  if (!existsSync(profileFile(root, name))) return true
  const { loadProfile } = await import('../workers/profiles.ts')
  const profile = await loadProfile(root, name).catch(() => undefined)
  return profile?.runtime === null && profile.command === null
}

/** What its workspace lacks, and what to do; undefined when there is nothing to be seen from here. */
async function whyUnplaced(
  { workspace_kind, workspace_path: path }: Task,
  { board, environment: { root, home } }: Context,
): Promise<string | undefined> {
  const kind = workspace_kind as WorkspaceKind
  if (!isResolvable({ kind, path }, home)) {
    return `its workspace ${JSON.stringify(path)} is not an absolute path: create it again with the folder from / or ~/ on`
  }
  if (kind !== 'worktree' || path !== null) return undefined
  const { slug, default_workdir } = await boardFactsOf(root, await board())
  return default_workdir === null
    ? `it wants a worktree of no repository: name one with \`hermes kanban boards set-workdir ${slug} <path>\``
    : undefined
}

async function isShared(context: Context): Promise<boolean> {
  return (await context.board()).store.dialect === 'postgres'
}
