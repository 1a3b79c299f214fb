import { operatorTools } from './operator-tools.ts'
import { type Tool, toolsFor } from './tool.ts'
import { workerTools } from './worker-tools.ts'

/** What one kind of session is given. */
export interface Toolbox {
  readonly tools: readonly Tool[]
  /** What its model is told about them as a whole. */
  readonly instructions: string
}

export async function workerToolbox(): Promise<Toolbox> {
  return {
    tools: await toolsFor(workerTools),
    instructions:
      'Tools of the kanban board, for the one task that you work on. Begin with kanban_show. End with exactly one of kanban_complete and kanban_block: without it your work does not count.',
  }
}

export async function operatorToolbox(): Promise<Toolbox> {
  return {
    tools: await toolsFor(operatorTools),
    instructions:
      'Tools of a kanban board on which agents work, for somebody who sees to it. Tasks are done by workers of profiles, not by you: create, order and unblock them. kanban_stats tells how the board is doing, kanban_why why a task does not move.',
  }
}

/** For a session that works on no task. */
export const noTools: Toolbox = { tools: [], instructions: '' }
