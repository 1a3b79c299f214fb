import { join } from 'node:path'
import type { InitializeResponse, McpServer } from '@agentclientprotocol/sdk'
import type { ServedTools } from '../../../mcp/http.ts'

/**
 * Our tools as they are handed over in a session: over loopback with the token of this run, which no
 * process has in its environment; to an agent that cannot do that, as a program on the worker's PATH.
 */
export function toolServer(
  { agentCapabilities }: InitializeResponse,
  { url, headers }: ServedTools,
  environment: Readonly<Record<string, string>>,
): McpServer {
  const name = 'kanban'
  if (agentCapabilities?.mcpCapabilities?.http) {
    return { type: 'http', name, url, headers: pairs(headers) }
  }
  // It finds its runner by these; not every agent hands its own environment on.
  const own = Object.entries(environment).filter(([key]) => /^(?:HERMES_|PATH$|HOME$)/.test(key))
  const [bin = ''] = (environment.PATH ?? '').split(':')
  const command = join(bin, 'hermes-kanban')
  return { name, command, args: ['mcp'], env: pairs(Object.fromEntries(own)) }
}

function pairs(table: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(table).map(([name, value]) => ({ name, value }))
}
