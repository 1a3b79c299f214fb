import { asObject, type Json, type Protocol, parts, type Reply, textOf } from './protocol.ts'
import type { Entry, Trouble } from './scenario.ts'

/** Google's generateContent. The model and whether it streams stand in the address. */
export const gemini: Protocol = {
  name: 'gemini',
  path: /:(?:stream)?generateContent$/i,
  read: (body, path) => ({
    model: /models\/([^:/]+):/.exec(path)?.[1] ?? '',
    system: textOf(body.systemInstruction?.parts ?? ''),
    said: (body.contents ?? []).flatMap(entries),
    tools: (body.tools ?? [])
      .flatMap((tool: Json) => tool.functionDeclarations ?? [])
      .map(({ name }: Json) => ({ name })),
    streams: path.includes(':stream'),
  }),
  whole: (reply) => candidate(reply, [...texts(reply), ...calls(reply)], 'STOP'),
  pieces: (reply) => [
    ...texts(reply).map((part) => ({ data: candidate(reply, [part]) })),
    { data: candidate(reply, calls(reply), 'STOP') },
  ],
  refusal: (trouble, retryAfter) => {
    const [code, status, message] = refusals[trouble]
    const quota = trouble === 'usage_limit' ? 'PerDay' : 'PerMinute'
    const details = [
      ...(code === 429
        ? [
            {
              '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
              violations: [{ quotaId: `GenerateRequests${quota}PerProjectPerModel` }],
            },
          ]
        : []),
      ...(retryAfter === undefined
        ? []
        : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfter}s` }]),
      ...(trouble === 'login'
        ? [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }]
        : []),
    ]
    return { status: code, body: { error: { code, status, message, details } } }
  },
}

const refusals: Readonly<Record<Trouble, readonly [number, string, string]>> = {
  rate_limit: [429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted, try again.'],
  usage_limit: [429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota for today.'],
  no_credit: [403, 'PERMISSION_DENIED', 'Billing is not enabled for this project.'],
  login: [400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'],
  overflow: [
    400,
    'INVALID_ARGUMENT',
    'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
  ],
  overloaded: [503, 'UNAVAILABLE', 'The model is overloaded.'],
}

function entries({ role, parts: all = [] }: Json): Entry[] {
  const text = all.map((part: Json) => (part.thought ? '' : (part.text ?? ''))).join('')
  if (role === 'model') {
    const made = all
      .filter((part: Json) => part.functionCall !== undefined)
      .map(({ functionCall }: Json) => ({ tool: functionCall.name, input: functionCall.args }))
    return [{ who: 'model', text, calls: made }]
  }
  const results = all
    .filter((part: Json) => part.functionResponse !== undefined)
    .map(({ functionResponse: { name, response } }: Json): Entry => {
      return { who: 'tool', tool: name, text: resultText(response) }
    })
  return text === '' ? results : [...results, { who: 'user', text }]
}

/** Clients wrap a result in a field of one of these names. */
function resultText(response: Json): string {
  const inner = response?.output ?? response?.content ?? response?.error ?? response
  return textOf(inner)
}

function texts({ text }: Reply): Json[] {
  return parts(text).map((part) => ({ text: part }))
}

function calls(reply: Reply): Json[] {
  return reply.calls.map(({ name, input }) => ({
    functionCall: { name, args: asObject(input) },
  }))
}

function candidate({ model, input, output }: Reply, all: readonly Json[], reason?: string): Json {
  return {
    candidates: [
      {
        index: 0,
        content: { role: 'model', parts: all },
        ...(reason === undefined ? {} : { finishReason: reason }),
      },
    ],
    modelVersion: model,
    usageMetadata: {
      promptTokenCount: input,
      candidatesTokenCount: output,
      totalTokenCount: input + output,
    },
  }
}
