/** Sessions of the official client: with the real program on stdio, with the served tools over HTTP. */

import { join, resolve } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { onTestFinished } from 'vitest'
import { claim } from '../../src/board/claim.ts'
import { serveTools } from '../../src/mcp/http.ts'
import { workerToolbox } from '../../src/mcp/worker-toolbox.ts'
import { claimLock } from '../../src/model/lock.ts'
import { type Context, perform } from '../../src/operations/operation.ts'
import { serveOperations } from '../../src/operations/remote/serve.ts'
import type { Home } from '../operations/home.ts'

const lock = claimLock('here', 1, 'a'.repeat(32))

export interface Working {
  readonly task: string
  readonly run: number
  readonly context: Context
  /** As a runner makes it for its worker. */
  readonly env: Readonly<Record<string, string>>
}

/** A run of `writer` that is under way, its operations served on a socket as its runner does. */
export async function working(home: Home): Promise<Working> {
  const task = await home.create('work', '--assignee', 'writer', '--tenant', 'acme')
  const claimed = await home.board.store.write((tx) =>
    claim(tx, task, { lock, ttl: 900, host: 'h', here: 'h' }),
  )
  if (claimed.run === null) throw claimed.refusal
  const fence = { run: claimed.run, lock }
  const context = home.context({
    actor: 'writer',
    profile: 'writer',
    worker: { task, fence, tenant: 'acme' },
  })
  const path = join(home.root, 'socket')
  const { close } = await serveOperations(path, { lock, contextFor: () => context })
  onTestFinished(close)
  return {
    task,
    run: claimed.run,
    context,
    env: {
      HERMES_KANBAN_TASK: task,
      HERMES_KANBAN_RUN_ID: String(claimed.run),
      HERMES_KANBAN_CLAIM_LOCK: lock,
      HERMES_KANBAN_SOCKET: path,
      // A worker that opened a database would fail here.
      HERMES_KANBAN_DB: join(home.root, 'no', 'such', 'kanban.db'),
      HERMES_KANBAN_BOARD: 'default',
      HERMES_PROFILE: 'writer',
      HERMES_TENANT: 'acme',
    },
  }
}

export interface Session {
  readonly client: Client
  readonly names: () => Promise<string[]>
  /** What the tool answers, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever is answered
  readonly use: (name: string, args?: Record<string, unknown>) => Promise<any>
}

/** `hermes kanban mcp` as a process of its own. */
export function overStdio(
  home: Home,
  env: Readonly<Record<string, string>> = {},
  ...argv: string[]
): Promise<Session> {
  return open(
    new StdioClientTransport({
      command: process.execPath,
      args: [resolve('src/main.ts'), 'kanban', 'mcp', ...argv],
      env: {
        HOME: home.root,
        HERMES_KANBAN_HOME: home.root,
        PATH: process.env.PATH ?? '',
        ...env,
      },
    }),
  )
}

export async function overHttp({ context }: Working): Promise<Session> {
  const { url, headers, close } = await serveTools(workerToolbox(), (operation, input) =>
    perform(operation, input, context),
  )
  onTestFinished(close)
  return open(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }))
}

async function open(
  transport: StdioClientTransport | StreamableHTTPClientTransport,
): Promise<Session> {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  onTestFinished(() => client.close())
  return {
    client,
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    async use(name, args) {
      const { content } = await client.callTool({ name, ...(args && { arguments: args }) })
      const [first] = content as { text: string }[]
      return JSON.parse(first?.text ?? '')
    },
  }
}
