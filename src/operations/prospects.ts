import type { Task } from '../model/task.ts'
import { listProfiles } from '../workers/profiles.ts'
import type { Context } from './operation.ts'

/** What somebody who creates a task should know about what will become of it. */
export interface Prospects {
  /** Nothing here starts it by itself. */
  readonly warning?: string
  /** What a person can do so that it starts. */
  readonly hint?: string
}

export async function prospects(task: Task, context: Context): Promise<Prospects> {
  const { root } = context.environment
  if (task.assignee === null) return {}
  const profiles = listProfiles(root)
  if (!profiles.includes(task.assignee)) {
    return {
      warning: `${task.assignee} is no profile on this machine, so ${task.id} waits until somebody claims it by hand; profiles here: ${profiles.join(', ')}`,
    }
  }
  if (task.status !== 'ready' || context.worker !== undefined) return {}
  const { dispatcherAlive } = await import('../dispatcher/holder.ts')
  const { alive } = await dispatcherAlive(root)
  return alive ? {} : { hint: `no dispatcher is running: \`hermes gateway run\` starts ${task.id}` }
}
