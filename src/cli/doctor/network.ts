/** What is served on loopback: our tools to the agent of a run, and the dashboard. */

import { once } from 'node:events'
import { createServer } from 'node:net'
import { usualPort } from '../../http/port.ts'
import { messageOf } from '../../lib/thrown.ts'
import { type Finding, fine, warning } from './finding.ts'

/** Serves them as a runner does, and asks for them as an agent does. */
export async function checkTools(): Promise<Finding> {
  const about = 'tools'
  const [{ serveTools }, { workerToolbox }] = await Promise.all([
    import('../../mcp/http.ts'),
    import('../../mcp/worker-toolbox.ts'),
  ])
  const next = 'see whether a firewall or a proxy stands between programs of this machine'
  try {
    const toolbox = workerToolbox()
    const { url, headers, close } = await serveTools(toolbox, async () => ({}))
    try {
      const { status } = await fetch(url, {
        method: 'POST',
        headers: {
          ...headers,
          Accept: 'application/json, text/event-stream',
          'Content-Type': 'application/json',
        },
        body: JSON.stringify(hello),
        signal: AbortSignal.timeout(5_000),
      })
      return status === 200
        ? fine(about, `${toolbox.tools.length} are served to agents on loopback (MCP)`)
        : warning(about, `agents would be answered with ${status} on loopback`, next)
    } finally {
      await close()
    }
  } catch (error) {
    return warning(about, `cannot be served to agents on loopback: ${messageOf(error)}`, next)
  }
}

const hello = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'doctor', version: '1' },
  },
}

export async function checkPort(): Promise<Finding> {
  const about = `port ${usualPort}`
  const server = createServer()
  try {
    server.listen(usualPort, '127.0.0.1')
    await once(server, 'listening')
    return fine(about, 'is free for the dashboard')
  } catch {
    return fine(
      about,
      'is taken, by the dashboard or by another program: a further one takes the next',
    )
  } finally {
    server.close()
  }
}
