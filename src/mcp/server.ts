import { McpServer } from '@modelcontextprotocol/server'
import pkg from '../../package.json' with { type: 'json' }
import { type Ask, type Tool, useTool } from './tool.ts'
import type { Toolbox } from './toolbox.ts'

/**
 * An MCP server with these tools, or with none, for one connection or request. The list and the calls
 * are answered here and not by its own table, which would refuse an input before we could read it as meant.
 */
export function mcpServer(
  { tools, instructions }: Toolbox,
  ask: Ask,
  onList: () => void = () => {},
): McpServer {
  const mcp = new McpServer(
    { name: 'kanban', title: 'Hermes Kanban', version: pkg.version },
    { capabilities: { tools: {} }, ...(instructions === '' ? {} : { instructions }) },
  )
  mcp.server.setRequestHandler('tools/list', () => {
    onList()
    return { tools: tools.map(listed) }
  })
  mcp.server.setRequestHandler('tools/call', async ({ params }) => {
    const tool = tools.find(({ name }) => name === params.name)
    const { text, failed } =
      tool === undefined
        ? unknownTool(params.name, tools)
        : await useTool(tool, params.arguments, ask)
    return { content: [{ type: 'text' as const, text }], ...(failed ? { isError: true } : {}) }
  })
  return mcp
}

function listed({ name, binding, inputSchema, operation }: Tool) {
  return {
    name,
    description: binding.says,
    inputSchema,
    annotations: { readOnlyHint: operation.effect === 'read', openWorldHint: false },
    // Without it one agent lists names only and finds a tool after a search that it often leaves out.
    _meta: { 'anthropic/alwaysLoad': true },
  }
}

function unknownTool(name: string, tools: readonly Tool[]) {
  const all = tools.map((tool) => tool.name)
  const hint = all.length === 0 ? 'this session has none' : `use one of ${all.join(', ')}`
  const error = `there is no tool ${name} here; nothing was changed: ${hint}`
  return { text: JSON.stringify({ error }), failed: true }
}
