import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText, jsonSchema, type LanguageModel, streamText, tool } from 'ai'
import { describe, expect, onTestFinished, test } from 'vitest'
import { modes } from './modes.ts'
import { call, inOrder, resultOf, type Script } from './scenario.ts'
import { startEndpoint } from './server.ts'

Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false })

const story = inOrder(
  { text: 'First I look — at 茶.', calls: [{ tool: 'look', input: { where: 'drawer' } }] },
  (turn) => ({ text: `There is ${(resultOf(turn, 'look') as { found: string }).found}.` }),
)

async function begin(scripts: Record<string, Script> = { story }) {
  const endpoint = await startEndpoint(scripts)
  onTestFinished(() => endpoint.close())
  return endpoint
}

const clients: Record<string, (url: string) => LanguageModel> = {
  'openai-chat': (url) =>
    createOpenAICompatible({ name: 'local', baseURL: `${url}/v1`, includeUsage: true })('m'),
  anthropic: (url) => createAnthropic({ baseURL: `${url}/v1`, apiKey: 'k' })('m'),
  gemini: (url) => createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: 'k' })('m'),
}

const look = tool({
  inputSchema: jsonSchema<{ where: string }>({ type: 'object' }),
  execute: ({ where }) => ({ found: `tea in the ${where}` }),
})

async function partsOf(name: string, url: string) {
  const model = (clients[name] as (url: string) => LanguageModel)(url)
  const { stream } = streamText({ model, prompt: 'x', maxRetries: 0, onError: () => {} })
  const parts = []
  try {
    for await (const part of stream) parts.push(part)
  } catch (error) {
    parts.push({ type: 'error' as const, error })
  }
  return parts
}

describe.each(Object.keys(clients))('%s', (name) => {
  test('a client of the protocol sees words, calls and usage, and the script sees the result', async () => {
    const endpoint = await begin()
    const model = (clients[name] as (url: string) => LanguageModel)(endpoint.url('story~1'))
    const { steps } = streamText({
      model,
      instructions: 'Be brief.',
      prompt: 'What is there?',
      tools: { mcp_box_look: look },
      stopWhen: ({ steps: done }) => done.length === 2,
    })
    const [first, second] = await steps
    expect(first?.text).toBe('First I look — at 茶.')
    expect(first?.toolCalls).toMatchObject([
      { toolName: 'mcp_box_look', input: { where: 'drawer' } },
    ])
    expect(second?.text).toBe('There is tea in the drawer.')
    expect(second?.usage.inputTokens).toBeGreaterThan(10)
    expect(endpoint.asked.map(({ protocol }) => protocol)).toEqual([name, name])
    expect(endpoint.asked[1]?.turn).toMatchObject({
      system: expect.stringContaining('Be brief.'),
      earlier: 1,
      said: [
        { who: 'user', text: 'What is there?' },
        { who: 'model', calls: [{ tool: 'mcp_box_look' }] },
        { who: 'tool', tool: 'mcp_box_look' },
      ],
    })
  })

  test('an answer comes whole where no stream is asked for', async () => {
    const endpoint = await begin()
    const model = (clients[name] as (url: string) => LanguageModel)(endpoint.url('story'))
    const { text, toolCalls, usage } = await generateText({
      model,
      prompt: 'What is there?',
      tools: { look: tool({ inputSchema: jsonSchema<object>({ type: 'object' }) }) },
    })
    expect(text).toBe('First I look — at 茶.')
    expect(toolCalls).toMatchObject([{ toolName: 'look', input: { where: 'drawer' } }])
    expect(usage.outputTokens).toBeGreaterThan(5)
  })

  test('trouble is what the client takes it for', async () => {
    const endpoint = await begin(modes)
    const parts = await partsOf(name, endpoint.url('usage'))
    expect(parts).toContainEqual({
      type: 'error',
      error: expect.objectContaining({ statusCode: 429 }),
    })
  })

  test('a stream that breaks off is an error, not an end', async () => {
    const endpoint = await begin(modes)
    const parts = await partsOf(name, endpoint.url('breaking'))
    const text = parts.flatMap((part) => (part.type === 'text-delta' ? part.text : '')).join('')
    expect('I begin with a long sentence').toContain(text.slice(0, 10))
    expect(parts.at(-1)?.type).toBe('error')
  })
})

test('responses: a tool in a namespace is called in it, and its result is read', async () => {
  const endpoint = await begin({ story: inOrder(call('look', { where: 'x' }), { text: 'Seen.' }) })
  const ask = async (input: unknown) => {
    const answer = await fetch(`${endpoint.url('story')}/v1/responses`, {
      method: 'POST',
      body: JSON.stringify({
        model: 'm',
        stream: true,
        instructions: 'Be brief.',
        input,
        tools: [{ type: 'namespace', name: 'mcp__box', tools: [{ name: 'look' }] }],
      }),
    })
    const events = (await answer.text()).matchAll(/^data: (.*)$/gm)
    return [...events].map(([, data]) => JSON.parse(data ?? ''))
  }
  const prompt = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Go' }] }
  const first = (await ask([prompt])).at(-1).response.output
  expect(first).toMatchObject([
    { type: 'function_call', name: 'look', namespace: 'mcp__box', arguments: '{"where":"x"}' },
  ])
  const result = { type: 'function_call_output', call_id: first[0].call_id, output: 'tea' }
  const events = await ask([prompt, ...first, result])
  const deltas = events.filter(({ type }) => type === 'response.output_text.delta')
  expect(deltas.map(({ delta }) => delta).join('')).toBe('Seen.')
  expect(endpoint.asked[1]?.turn.said.at(-1)).toEqual({ who: 'tool', tool: 'look', text: 'tea' })
})

test('a request that is not for an answer is answered all the same', async () => {
  const endpoint = await begin()
  const models = await fetch(`${endpoint.url('story')}/v1/models`)
  expect(await models.json()).toMatchObject({ data: [] })
  const count = await fetch(`${endpoint.url('story')}/v1/messages/count_tokens`, { method: 'POST' })
  expect(await count.json()).toMatchObject({ input_tokens: 100 })
  expect(endpoint.asked).toEqual([])
})
