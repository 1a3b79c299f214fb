import { satisfying } from '../model/status.ts'
import type { Task } from '../model/task.ts'
import { listProfiles } from '../workers/profiles.ts'
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
  if (task.assignee === null || isOver(task.status)) return {}
  const profiles = listProfiles(root)
  if (!profiles.includes(task.assignee)) {
    const whom = (await isShared(context))
      ? 'for a machine that has it, or for somebody who claims it by hand'
      : 'until somebody claims it by hand'
    return {
      warning: `${task.assignee} is no profile on this machine, so ${task.id} waits ${whom}; profiles here: ${profiles.join(', ')}`,
    }
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

async function isShared(context: Context): Promise<boolean> {
  return (await context.board()).store.dialect === 'postgres'
}

function isOver(status: string): boolean {
  return satisfying.some((name) => name === status)
}
