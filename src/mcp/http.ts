/** The same tools over loopback HTTP, for the agent of one run: no child process, and no key in an environment. */

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  originValidationResponse,
} from '@modelcontextprotocol/server'
import { token } from '../lib/ids.ts'
import { sameSecret } from '../lib/secret.ts'
import { mcpServer } from './server.ts'
import type { Ask } from './tool.ts'
import type { Toolbox } from './toolbox.ts'

export interface ServedTools {
  readonly url: string
  /** With the token of this run: whoever sends it acts as its worker. */
  readonly headers: Readonly<Record<string, string>>
  /** Hangs up on everybody. */
  close(): Promise<void>
}

/** Of one message, in bytes; what is merely too long for a tool is refused by the tool, with a sentence. */
const longestBody = 16 * 1024 * 1024

/** Serves on a port of this machine alone, to whoever has the token that it makes. `onList` is called when the tools are asked for. */
export async function serveTools(
  toolbox: Toolbox,
  ask: Ask,
  onList: () => void = () => {},
): Promise<ServedTools> {
  const authorization = `Bearer ${token()}`
  const handler = createMcpHandler(() => mcpServer(toolbox, ask, onList), {
    maxRequestBodySize: longestBody,
  })
  const server = createAdaptorServer({
    fetch: (request: Request) => refusal(request, authorization) ?? handler.fetch(request),
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    headers: { Authorization: authorization },
    async close() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      await handler.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}

/** A page in a browser of this machine reaches the port too: by name (Host), or from its own site (Origin). */
function refusal(request: Request, authorization: string): Response | undefined {
  const disguised =
    hostHeaderValidationResponse(request, ['127.0.0.1']) ?? originValidationResponse(request, [])
  if (disguised !== undefined) return disguised
  if (sameSecret(request.headers.get('authorization') ?? '', authorization)) return undefined
  return new Response('This server belongs to one run: its token is missing or wrong.\n', {
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
  })
}
