import { refusals } from './openai-chat.ts'
import {
  type Json,
  namesById,
  type Offered,
  type Piece,
  type Protocol,
  parts,
  type Reply,
  retryHeader,
  textOf,
  written,
} from './protocol.ts'
import type { Entry } from './scenario.ts'

/** OpenAI responses, in which Codex speaks. */
export const openaiResponses: Protocol = {
  name: 'openai-responses',
  path: /\/responses$/,
  read: (body) => {
    const input: Json[] =
      typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : (body.input ?? [])
    return {
      model: body.model,
      system: [body.instructions, ...input.filter(isSystem).map(contentOf)].join('\n'),
      said: entries(input),
      tools: (body.tools ?? []).flatMap(offeredBy),
      streams: body.stream === true,
    }
  },
  whole: (reply) => response(reply, 'completed', items(reply)),
  pieces: (reply) => {
    const all = items(reply)
    return [
      piece('response.created', { response: response(reply, 'in_progress', []) }),
      ...all.flatMap((item, output_index) => [
        piece('response.output_item.added', { output_index, item: opened(item) }),
        ...deltas(item, output_index),
        piece('response.output_item.done', { output_index, item }),
      ]),
      piece('response.completed', { response: response(reply, 'completed', all) }),
    ].map(({ event, data }, sequence_number) => ({ event, data: { ...data, sequence_number } }))
  },
  refusal: (trouble, retryAfter, now) => {
    const [status, type, message] = refusals[trouble]
    const resets = trouble === 'usage_limit' && retryAfter !== undefined
    return {
      status,
      headers: retryHeader(retryAfter),
      body: {
        error: {
          message,
          type,
          code: type,
          ...(resets
            ? { plan_type: 'plus', resets_at: now + retryAfter, resets_in_seconds: retryAfter }
            : {}),
        },
      },
    }
  },
}

/** Plain functions, and groups of them. */
function offeredBy(tool: Json): Offered[] {
  if (tool.type === 'namespace') {
    return tool.tools.map(({ name }: Json) => ({ name, namespace: tool.name }))
  }
  return tool.name === undefined ? [] : [{ name: tool.name }]
}

function isSystem({ role }: Json): boolean {
  return role === 'system' || role === 'developer'
}

function contentOf({ content }: Json): string {
  return textOf(content ?? '')
}

/** What one answer held comes back as items of their own: they are put together again. */
function entries(input: readonly Json[]): Entry[] {
  const nameOf = namesById(
    input
      .filter(({ type }) => type === 'function_call')
      .map(({ call_id, name }) => ({ id: call_id, name })),
  )
  const said: Entry[] = []
  for (const item of input) {
    if (item.type === 'function_call_output') {
      said.push({ who: 'tool', tool: nameOf(item.call_id), text: textOf(item.output) })
    } else if (item.type === 'function_call' || item.role === 'assistant') {
      const before = said.at(-1)
      const isNew = before?.who !== 'model'
      const text = (isNew ? '' : before.text) + contentOf(item)
      const calls = isNew ? [] : before.calls
      const more = item.type === 'function_call' ? [{ tool: item.name, input: item.arguments }] : []
      if (!isNew) said.pop()
      said.push({ who: 'model', text, calls: [...calls, ...more] })
    } else if (item.role === 'user') {
      said.push({ who: 'user', text: contentOf(item) })
    }
  }
  return said
}

function items({ id, text, calls }: Reply): Json[] {
  const message = {
    type: 'message',
    id: `msg_${id}`,
    status: 'completed',
    role: 'assistant',
    content: [{ type: 'output_text', text, annotations: [] }],
  }
  const made = calls.map((call, at) => ({
    type: 'function_call',
    id: `fc_${at}_${call.id}`,
    status: 'completed',
    call_id: call.id,
    name: call.name,
    ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
    arguments: written(call.input),
  }))
  return text === '' ? made : [message, ...made]
}

function opened(item: Json): Json {
  return item.type === 'message'
    ? { ...item, status: 'in_progress', content: [] }
    : { ...item, status: 'in_progress', arguments: '' }
}

function deltas(item: Json, output_index: number): Piece[] {
  const at = { item_id: item.id, output_index }
  if (item.type === 'function_call') {
    return [
      ...parts(item.arguments).map((delta) =>
        piece('response.function_call_arguments.delta', { ...at, delta }),
      ),
      piece('response.function_call_arguments.done', { ...at, arguments: item.arguments }),
    ]
  }
  const [part] = item.content
  const inside = { ...at, content_index: 0 }
  return [
    piece('response.content_part.added', { ...inside, part: { ...part, text: '' } }),
    ...parts(part.text).map((delta) => piece('response.output_text.delta', { ...inside, delta })),
    piece('response.output_text.done', { ...inside, text: part.text }),
    piece('response.content_part.done', { ...inside, part }),
  ]
}

function response({ id, model, input, output }: Reply, status: string, all: readonly Json[]): Json {
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: 0,
    status,
    model,
    output: all,
    usage:
      status === 'completed'
        ? {
            input_tokens: input,
            input_tokens_details: { cached_tokens: 0 },
            output_tokens: output,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: input + output,
          }
        : null,
  }
}

function piece(type: string, rest: object): Piece {
  return { event: type, data: { type, ...rest } }
}
