/** The worker's tools of the board: the one definition that MCP serves too. */

import { type Ask, useTool } from '../../mcp/tool.ts'
import { workerToolbox } from '../../mcp/worker-toolbox.ts'
import type { Tool } from './tool.ts'

/** After these the work is somebody else's. */
const ending = new Set(['complete', 'block'])

export async function boardTools(ask: Ask): Promise<Tool[]> {
  const { tools } = workerToolbox()
  return tools.map((tool) => {
    const { name, binding, inputSchema, operation } = tool
    return {
      name,
      says: binding.says,
      input: inputSchema,
      acts: false,
      about: (input) => wordsOf(input),
      async run(input) {
        const { text, failed } = await useTool(tool, input, ask)
        return { text, failed, ends: !failed && ending.has(operation.name) }
      },
    }
  })
}

/** What tells a call from others, whichever of the seven it is. */
function wordsOf(input: unknown): string {
  const { title, note, reason, summary, body, task_id } = (input ?? {}) as Record<string, unknown>
  return String(title ?? note ?? reason ?? summary ?? body ?? task_id ?? '')
}
