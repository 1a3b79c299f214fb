/** Tools of the MCP servers that a profile names, through the official client. */

import type { Client } from '@modelcontextprotocol/client'
import pkg from '../../../package.json' with { type: 'json' }
import type { McpServer } from '../../config/profile.ts'
import type { Variables } from '../../config.ts'
import { messageOf } from '../../lib/thrown.ts'
import { ends } from './bound.ts'
import type { Result, Tool } from './tool.ts'

export interface Connected {
  readonly tools: readonly Tool[]
  /** Of each server that cannot be used, why not and what to do. */
  readonly faults: readonly string[]
  close(): Promise<void>
}

export interface ConnectOptions {
  /** Where programs are started. */
  readonly folder: string
  readonly variables: Variables
  /** Of a call, in milliseconds. */
  readonly longest: number
  /** Whether what programs print beside their answers can be seen by anybody. */
  readonly isLogged: boolean
}

/** Milliseconds until a server must have said what it offers. */
const patienceMs = 30_000

/** Bytes of a result that a model is shown. */
const longestResult = 40_000

/** Connects to all of them at once. */
export async function connectServers(
  servers: Readonly<Record<string, McpServer>>,
  options: ConnectOptions,
): Promise<Connected> {
  const names = Object.keys(servers)
  const tried = await Promise.allSettled(
    Object.entries(servers).map(([name, server]) => connect(name, server, options)),
  )
  const open = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  return {
    tools: open.flatMap(({ tools }) => tools),
    faults: tried.flatMap((one, at) =>
      one.status === 'rejected' ? [faultOf(names[at] ?? '', one.reason)] : [],
    ),
    async close() {
      await Promise.allSettled(open.map(({ client }) => client.close()))
    },
  }
}

async function connect(name: string, server: McpServer, options: ConnectOptions) {
  const { Client } = await import('@modelcontextprotocol/client')
  const client = new Client({ name: 'hermes-kanban', version: pkg.version })
  const transport = await transportTo(server, options)
  try {
    await client.connect(transport, { timeout: patienceMs })
    const { tools } = await client.listTools(undefined, { timeout: patienceMs })
    return {
      client,
      tools: tools.map((tool) => ({
        name: `mcp_${name}_${tool.name}`.replace(/[^\w-]/g, '_').slice(0, 64),
        says: tool.description ?? tool.title ?? tool.name,
        input: tool.inputSchema,
        acts: tool.annotations?.readOnlyHint !== true,
        about: (input: unknown) => JSON.stringify(input ?? {}),
        run: (input: unknown, signal: AbortSignal) =>
          use(client, tool.name, input, signal, options.longest),
      })),
    }
  } catch (error) {
    await client.close().catch(() => {})
    throw error
  }
}

async function transportTo(server: McpServer, { folder, variables, isLogged }: ConnectOptions) {
  if ('url' in server) {
    const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client')
    const url = URL.parse(server.url)
    if (url === null) throw new Error(`${server.url} is no address`)
    const headers = expanded(server.headers, variables)
    return new StreamableHTTPClientTransport(url, { requestInit: { headers } })
  }
  const { getDefaultEnvironment, StdioClientTransport } = await import(
    '@modelcontextprotocol/client/stdio'
  )
  return new StdioClientTransport({
    command: server.command,
    args: [...server.args],
    // Not ours: it would hold the model's key and the claim of this run.
    env: { ...getDefaultEnvironment(), ...expanded(server.env, variables) },
    cwd: folder,
    stderr: isLogged ? 'inherit' : 'ignore',
  })
}

async function use(
  client: Client,
  name: string,
  input: unknown,
  signal: AbortSignal,
  timeout: number,
): Promise<Result> {
  const given = typeof input === 'object' && input !== null ? { ...input } : {}
  const options = { signal, timeout, resetTimeoutOnProgress: true }
  const result = await client.callTool({ name, arguments: given }, options)
  const parts = Array.isArray(result.content) ? result.content : []
  const texts = parts.map((part) => (part.type === 'text' ? part.text : `(${part.type})`))
  const text = texts.join('\n') || JSON.stringify(result.structuredContent ?? {})
  return { text: ends(text, longestResult), failed: result.isError === true }
}

/** `${NAME}` in a value is that variable of ours. */
function expanded(
  values: Readonly<Record<string, string>>,
  variables: Variables,
): Record<string, string> {
  const entries = Object.entries(values).map(([key, value]) => [
    key,
    value.replace(/\$\{([A-Za-z_]\w*)\}/g, (_, wanted: string) => {
      const found = variables[wanted]
      if (found === undefined) {
        throw new Error(`${wanted} is not set; name it under kanban.env`)
      }
      return found
    }),
  ])
  return Object.fromEntries(entries)
}

function faultOf(name: string, why: unknown): string {
  return `the MCP server ${name} cannot be used: ${messageOf(why)}; mend kanban.mcp_servers.${name}, or take it out`
}
