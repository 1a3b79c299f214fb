import {
  type Json,
  namesById,
  type Protocol,
  parts,
  type Reply,
  retryHeader,
  textOf,
  written,
} from './protocol.ts'
import type { Entry, Trouble } from './scenario.ts'

/** OpenAI chat completions, as Ollama, OpenRouter, vLLM and many others speak them too. */
export const openaiChat: Protocol = {
  name: 'openai-chat',
  path: /\/chat\/completions$/,
  read: (body) => ({
    model: body.model,
    system: body.messages.filter(isSystem).map(contentOf).join('\n'),
    said: entries(body.messages),
    tools: (body.tools ?? []).map((tool: Json) => ({ name: tool.function.name })),
    streams: body.stream === true,
  }),
  whole: (reply) => ({
    id: `chatcmpl-${reply.id}`,
    object: 'chat.completion',
    created: 0,
    model: reply.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: reply.text === '' ? null : reply.text,
          ...(reply.calls.length === 0 ? {} : { tool_calls: reply.calls.map(toolCall) }),
        },
        finish_reason: reasonOf(reply),
      },
    ],
    usage: usageOf(reply),
  }),
  pieces: (reply) => [
    chunk(reply, { role: 'assistant', content: '' }),
    ...parts(reply.text).map((content) => chunk(reply, { content })),
    ...reply.calls.flatMap((call, index) => [
      chunk(reply, {
        tool_calls: [{ ...toolCall(call), index, function: { name: call.name, arguments: '' } }],
      }),
      ...parts(written(call.input)).map((text) =>
        chunk(reply, { tool_calls: [{ index, function: { arguments: text } }] }),
      ),
    ]),
    chunk(reply, {}, reasonOf(reply)),
    { data: { ...frame(reply), choices: [], usage: usageOf(reply) } },
    { data: '[DONE]' },
  ],
  refusal: (trouble, retryAfter, now) => {
    const [status, code, message] = refusals[trouble]
    const resets = trouble === 'usage_limit' && retryAfter !== undefined
    return {
      status,
      headers: retryHeader(retryAfter),
      body: {
        error: {
          message,
          type: code,
          code,
          param: null,
          ...(resets ? { resets_at: now + retryAfter } : {}),
        },
      },
    }
  },
}

export const refusals: Readonly<Record<Trouble, readonly [number, string, string]>> = {
  rate_limit: [429, 'rate_limit_exceeded', 'Rate limit reached for requests.'],
  usage_limit: [429, 'usage_limit_reached', 'The usage limit has been reached.'],
  no_credit: [429, 'insufficient_quota', 'You exceeded your current quota, check your plan.'],
  login: [401, 'invalid_api_key', 'Incorrect API key provided.'],
  overflow: [
    400,
    'context_length_exceeded',
    "This model's maximum context length is 8192 tokens. However, your messages have more.",
  ],
  overloaded: [503, 'server_error', 'The server is overloaded.'],
}

function isSystem({ role }: Json): boolean {
  return role === 'system' || role === 'developer'
}

function contentOf({ content }: Json): string {
  return textOf(content ?? '')
}

function entries(messages: readonly Json[]): Entry[] {
  const calls = messages.flatMap((message) => message.tool_calls ?? [])
  const nameOf = namesById(calls.map((call) => ({ id: call.id, name: call.function.name })))
  return messages
    .filter((message) => !isSystem(message))
    .map((message): Entry => {
      const text = contentOf(message)
      if (message.role === 'tool') return { who: 'tool', tool: nameOf(message.tool_call_id), text }
      if (message.role === 'user') return { who: 'user', text }
      const made = (message.tool_calls ?? []).map((call: Json) => ({
        tool: call.function.name,
        input: call.function.arguments,
      }))
      return { who: 'model', text, calls: made }
    })
}

function toolCall(call: Reply['calls'][number]) {
  return {
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: written(call.input) },
  }
}

function frame({ id, model }: Reply) {
  return { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: 0, model }
}

function chunk(reply: Reply, delta: object, finish_reason: string | null = null) {
  return { data: { ...frame(reply), choices: [{ index: 0, delta, finish_reason }] } }
}

function reasonOf({ calls }: Reply): string {
  return calls.length > 0 ? 'tool_calls' : 'stop'
}

function usageOf({ input, output }: Reply) {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output }
}
