import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import { mcpServer } from './server.ts'
import type { Ask } from './tool.ts'
import type { Toolbox } from './toolbox.ts'

/** A message beyond it ends the connection, so that what is merely too long is refused with a sentence. */
const longestMessage = 64 * 1024 * 1024

/** Serves on the standard input and output of this process, until whoever started it hangs up. */
export function serveOnStdio(
  toolbox: Toolbox,
  ask: Ask,
  { stdin, stdout }: NodeJS.Process,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  stdin.once('close', resolve)
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferSize: longestMessage })
  serveStdio(() => mcpServer(toolbox, ask), { transport })
  return promise
}
