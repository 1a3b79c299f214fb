/** The tools of one run on a port of this machine: who may ask at all. */

import { request } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { serveTools } from '../../src/mcp/http.ts'
import { workerToolbox } from '../../src/mcp/worker-toolbox.ts'

async function served() {
  const asked: string[] = []
  const { url, headers, close } = await serveTools(workerToolbox(), async ({ name }) => {
    asked.push(name)
    return {}
  })
  onTestFinished(close)
  return { url, headers, asked, close }
}

const call = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'kanban_heartbeat', arguments: {} },
})

/** The status of a call; by hand, because no client sends a wrong Host. */
function statusOf(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const asking = request(url, {
    method: 'POST',
    agent: false,
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...headers,
    },
  })
  asking.on('error', reject)
  asking.on('response', (response) => {
    response.resume()
    response.on('end', () => resolve(response.statusCode ?? 0))
  })
  asking.end(call)
  return promise
}

test('only who has the token is served', async () => {
  const { url, headers, asked } = await served()
  expect(new URL(url).hostname).toBe('127.0.0.1')
  expect(headers.Authorization).toMatch(/^Bearer [0-9a-f]{32}$/)
  expect(await statusOf(url, {})).toBe(401)
  expect(await statusOf(url, { Authorization: `Bearer ${'0'.repeat(32)}` })).toBe(401)
  expect(await statusOf(url, { Authorization: `${headers.Authorization}0` })).toBe(401)
  expect(asked).toEqual([])
  expect(await statusOf(url, headers)).toBe(200)
  expect(asked).toEqual(['heartbeat'])
})

test('a page of another site is refused, by the name it used and by where it comes from', async () => {
  const { url, headers, asked } = await served()
  expect(await statusOf(url, { ...headers, Host: 'evil.example' })).toBe(403)
  expect(await statusOf(url, { ...headers, Origin: 'https://evil.example' })).toBe(403)
  expect(await statusOf(url, { ...headers, Origin: 'http://127.0.0.1' })).toBe(403)
  expect(asked).toEqual([])
})

test('two runs have two tokens, and a closed one answers nobody', async () => {
  const [first, second] = [await served(), await served()]
  expect(await statusOf(first.url, second.headers)).toBe(401)
  await first.close()
  await expect(statusOf(first.url, first.headers)).rejects.toThrow('ECONNREFUSED')
  expect(await statusOf(second.url, second.headers)).toBe(200)
})
