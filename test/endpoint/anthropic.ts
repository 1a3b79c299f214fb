import {
  asObject,
  type Json,
  namesById,
  type Piece,
  type Protocol,
  parts,
  retryHeader,
  textOf,
  written,
} from './protocol.ts'
import type { Entry, Trouble } from './scenario.ts'

/** Anthropic messages. */
export const anthropic: Protocol = {
  name: 'anthropic',
  path: /\/messages$/,
  read: (body) => ({
    model: body.model,
    system: textOf(body.system ?? ''),
    said: entries(body.messages),
    tools: (body.tools ?? []).map(({ name }: Json) => ({ name })),
    streams: body.stream === true,
  }),
  whole: ({ id, model, text, calls, input, output }) => ({
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [
      ...(text === '' ? [] : [{ type: 'text', text }]),
      ...calls.map((call) => ({
        type: 'tool_use',
        id: call.id,
        name: call.name,
        input: asObject(call.input),
      })),
    ],
    stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: input, output_tokens: output },
  }),
  pieces: ({ id, model, text, calls, input, output }) => [
    piece('message_start', {
      message: {
        id: `msg_${id}`,
        type: 'message',
        role: 'assistant',
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: input, output_tokens: 1 },
      },
    }),
    ...(text === ''
      ? []
      : block(
          0,
          { type: 'text', text: '' },
          parts(text).map((part) => ({ type: 'text_delta', text: part })),
        )),
    ...calls.flatMap((call, at) =>
      block(
        at + (text === '' ? 0 : 1),
        { type: 'tool_use', id: call.id, name: call.name, input: {} },
        parts(written(call.input)).map((part) => ({
          type: 'input_json_delta',
          partial_json: part,
        })),
      ),
    ),
    piece('message_delta', {
      delta: { stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn', stop_sequence: null },
      usage: { input_tokens: input, output_tokens: output },
    }),
    piece('message_stop', {}),
  ],
  refusal: (trouble, retryAfter, now) => {
    const [status, type, message] = refusals[trouble]
    const isFinal = trouble === 'usage_limit' || trouble === 'login'
    return {
      status,
      headers: {
        ...retryHeader(retryAfter),
        ...(isFinal ? { 'x-should-retry': 'false' } : {}),
        ...(trouble === 'usage_limit' && retryAfter !== undefined
          ? {
              'anthropic-ratelimit-unified-status': 'rejected',
              'anthropic-ratelimit-unified-reset': String(now + retryAfter),
            }
          : {}),
      },
      body: { type: 'error', error: { type, message } },
    }
  },
}

const refusals: Readonly<Record<Trouble, readonly [number, string, string]>> = {
  rate_limit: [429, 'rate_limit_error', 'This request would exceed your rate limit.'],
  usage_limit: [429, 'rate_limit_error', 'You have reached your usage limit.'],
  no_credit: [400, 'invalid_request_error', 'Your credit balance is too low to access the API.'],
  login: [401, 'authentication_error', 'invalid x-api-key'],
  overflow: [400, 'invalid_request_error', 'prompt is too long: 215000 tokens > 200000 maximum'],
  overloaded: [529, 'overloaded_error', 'Overloaded'],
}

function piece(type: string, rest: object): Piece {
  return { event: type, data: { type, ...rest } }
}

function block(index: number, content_block: object, deltas: readonly object[]): Piece[] {
  return [
    piece('content_block_start', { index, content_block }),
    ...deltas.map((delta) => piece('content_block_delta', { index, delta })),
    piece('content_block_stop', { index }),
  ]
}

function entries(messages: readonly Json[]): Entry[] {
  const blocks = messages.flatMap(({ content }) => (Array.isArray(content) ? content : []))
  const nameOf = namesById(blocks.filter(({ type }) => type === 'tool_use'))
  return messages.flatMap(({ role, content }): Entry[] => {
    const all: Json[] = Array.isArray(content) ? content : [{ type: 'text', text: content }]
    const text = textOf(all.filter(({ type }) => type === 'text'))
    if (role === 'assistant') {
      const calls = all
        .filter(({ type }) => type === 'tool_use')
        .map(({ name, input }) => ({ tool: name, input }))
      return [{ who: 'model', text, calls }]
    }
    const results = all
      .filter(({ type }) => type === 'tool_result')
      .map((result): Entry => {
        const tool = nameOf(result.tool_use_id)
        return { who: 'tool', tool, text: textOf(result.content) }
      })
    return text === '' ? results : [...results, { who: 'user', text }]
  })
}
