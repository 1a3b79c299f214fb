/** Which model a name means, where it is, and what an answer of it costs. */

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { answerOf } from '../../src/agent/model/answer.ts'
import { openModel } from '../../src/agent/model/open.ts'
import { noUsage } from '../../src/agent/model/usage.ts'
import {
  chooseModel,
  keyOf,
  modelSettings,
  providerSettings,
  variablesOf,
} from '../../src/config/models.ts'

const nothing = { providers: {}, models: {} }

test('a name says whose the model is, and which; it may have slashes of its own', () => {
  expect(chooseModel('openrouter/some/model:free', nothing, {})).toMatchObject({
    provider: 'openrouter',
    id: 'some/model:free',
    protocol: 'openai',
    baseUrl: 'https://openrouter.ai/api/v1',
    keys: ['OPENROUTER_API_KEY'],
  })
  expect(chooseModel('ollama/qwen3:8b', nothing, {})).toMatchObject({
    id: 'qwen3:8b',
    baseUrl: 'http://127.0.0.1:11434/v1',
    keys: [],
  })
  expect(chooseModel(null, { ...nothing, model: 'google/g' }, {})).toMatchObject({ id: 'g' })
})

test('a provider is elsewhere when the configuration says so, or the environment', () => {
  const mine = providerSettings.parse({ base_url: 'http://box:9/api/', key: 'BOX_KEY' })
  const config = { ...nothing, providers: { box: mine } }
  expect(chooseModel('box/m', config, {})).toMatchObject({
    protocol: 'openai',
    baseUrl: 'http://box:9/api',
    keys: ['BOX_KEY'],
  })
  const moved = { ANTHROPIC_BASE_URL: 'http://127.0.0.1:8' }
  expect(chooseModel('anthropic/m', nothing, moved).baseUrl).toBe('http://127.0.0.1:8/v1')
  expect(chooseModel('google/m', nothing, { GOOGLE_BASE_URL: 'http://h' }).baseUrl).toBe(
    'http://h/v1beta',
  )
})

test('the first variable that is set holds the key, and a server of one’s own needs none', () => {
  const google = chooseModel('google/m', nothing, {})
  expect(keyOf(google, { GOOGLE_API_KEY: ' b ', GEMINI_API_KEY: '' })).toBe('b')
  expect(() => keyOf(google, {})).toThrow('GEMINI_API_KEY or GOOGLE_API_KEY is not set')
  const ollama = chooseModel('ollama/m', nothing, {})
  expect(keyOf(ollama, {})).toBeUndefined()
  expect(keyOf(ollama, { OLLAMA_API_KEY: 'k' })).toBe('k')
  expect(variablesOf(ollama)).toEqual(['OLLAMA_API_KEY', 'OLLAMA_BASE_URL'])
})

test('windows and prices are those of the configuration', () => {
  const about = modelSettings.parse({ context: 8000, output: 500 })
  const config = { ...nothing, models: { 'ollama/m': about } }
  expect(chooseModel('ollama/m', config, {})).toMatchObject({ context: 8000, output: 500 })
  expect(chooseModel('ollama/other', config, {})).toMatchObject({ context: 32_000, output: null })
})

test('a key in the place of its name is refused, and not repeated', () => {
  const { error } = providerSettings.safeParse({ key: 'sk-secret-0123' })
  expect(error?.issues[0]?.message).toBe('must be the name of a variable, not a key')
})

test('what OpenRouter says that an answer cost is what it cost', async () => {
  let asked: { usage?: unknown } = {}
  const server = createServer(async (request, response) => {
    asked = JSON.parse((await request.toArray()).join(''))
    const chunk = (choices: unknown[], usage?: object) =>
      `data: ${JSON.stringify({ id: '1', created: 0, model: 'm', choices, ...(usage && { usage }) })}\n\n`
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(chunk([{ index: 0, delta: { content: 'Tea.' }, finish_reason: 'stop' }]))
    response.write(chunk([], { prompt_tokens: 10, completion_tokens: 2, cost: 0.0042 }))
    response.end('data: [DONE]\n\n')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const variables = {
    OPENROUTER_BASE_URL: `http://127.0.0.1:${port}/v1`,
    OPENROUTER_API_KEY: 'k',
  }
  const model = await openModel(chooseModel('openrouter/m', nothing, variables), variables)
  const usage = noUsage()
  const { text } = await answerOf({
    model,
    instructions: 'Be brief.',
    messages: [{ role: 'user', content: 'What?' }],
    tools: [],
    signal: new AbortController().signal,
    clock: () => 0,
    patience: 10_000,
    usage,
    listener: { text: () => {}, again: () => {} },
  })
  expect(text).toBe('Tea.')
  expect(asked.usage).toEqual({ include: true })
  expect(usage).toEqual({ input: 10, output: 2, cached: 0, cost: 0.0042 })
})
