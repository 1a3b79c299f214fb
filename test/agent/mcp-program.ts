/** A small MCP server on stdio, such as a profile may name. */

import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

const text = (said: string) => ({ content: [{ type: 'text' as const, text: said }] })

serveStdio(() => {
  const server = new McpServer({ name: 'box', version: '1' })
  server.registerTool(
    'look',
    { description: 'Look into it.', inputSchema: z.object({ where: z.string() }) },
    ({ where }) => text(`tea in the ${where}`),
  )
  server.registerTool('fail', { description: 'Open it.' }, () => ({
    ...text('it is locked'),
    isError: true,
  }))
  server.registerTool('environment', { description: 'What it knows.' }, () =>
    text(JSON.stringify(process.env)),
  )
  return server
})
