/** What takes the built-in agent its time: trouble that does not pass. */

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { modes } from '../endpoint/modes.ts'
import { work } from './agent.ts'

test('a limit that is met again and again ends as a quota', async () => {
  const { work: begin, report, asked } = await work(modes['429'])
  const { code, err } = await begin().ended
  expect(code).toBe(75)
  expect(err).toContain('Rate limit reached')
  expect((await report()).retry_at).toBeNull()
  expect(asked).toHaveLength(6)
})

test.each([
  ['a stream that always breaks off', modes.breaking],
  ['a provider that is always overloaded', modes.overloaded],
])('%s ends as a failure', async (_, script) => {
  const { work: begin, asked, show } = await work(script)
  const { code, err } = await begin().ended
  expect(code).toBe(1)
  expect(err).toMatch(/^hermes: local\/m: .+\n$/)
  expect(asked).toHaveLength(6)
  expect((await show()).task.status).toBe('running')
})

test('an endpoint that is not there is named, with the reason', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  const providers = { local: { base_url: `http://127.0.0.1:${port}/v1` } }
  const { work: begin } = await work(modes.ok, { config: { providers } })
  const { code, err } = await begin().ended
  expect(code).toBe(1)
  expect(err).toContain('ECONNREFUSED')
})
