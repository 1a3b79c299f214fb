import { findOperation } from '../operations/registry.ts'
import { operatorTools } from './operator-tools.ts'
import { toolFor } from './tool.ts'
import type { Toolbox } from './toolbox.ts'

export async function operatorToolbox(): Promise<Toolbox> {
  return {
    tools: await Promise.all(
      Object.entries(operatorTools).map(async ([name, binding]) =>
        toolFor(await findOperation(name), name, binding),
      ),
    ),
    instructions:
      'Tools of a kanban board on which agents work, for somebody who sees to it. Tasks are done by workers of profiles, not by you: create, order and unblock them. kanban_stats tells how the board is doing, kanban_why why a task does not move.',
  }
}
