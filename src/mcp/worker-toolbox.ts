import { workerOperations } from '../operations/for-workers.ts'
import { toolFor } from './tool.ts'
import type { Toolbox } from './toolbox.ts'
import { workerTools } from './worker-tools.ts'

export function workerToolbox(): Toolbox {
  return {
    tools: Object.entries(workerTools).map(([name, binding]) =>
      toolFor(workerOperations.get(name), name, binding),
    ),
    instructions:
      'Tools of the kanban board, for the one task that you work on. Begin with kanban_show. End with exactly one of kanban_complete and kanban_block: without it your work does not count.',
  }
}
