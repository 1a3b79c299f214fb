/** One answer of the model: streamed, watched over, and asked for again where that can help. */

import { setTimeout as pause } from 'node:timers/promises'
import { jsonSchema, type ModelMessage, streamText, type ToolSet, tool } from 'ai'
import type { Clock } from '../../lib/clock.ts'
import type { Tool } from '../tools/tool.ts'
import { type OpenModel, saidCost } from './open.ts'
import { ModelTrouble, type Trouble, troubleOf } from './trouble.ts'
import { addUsage, type Usage } from './usage.ts'

export interface Asked {
  readonly model: OpenModel
  readonly instructions: string
  readonly messages: readonly ModelMessage[]
  readonly tools: readonly Tool[]
  readonly signal: AbortSignal
  readonly clock: Clock
  /** Milliseconds without a sign of life after which an answer is given up. */
  readonly patience: number
  /** What is used up is added here, also by an answer that broke off. */
  readonly usage: Usage
  readonly listener: AnswerListener
}

export interface AnswerListener {
  /** A piece of text, as it comes. */
  readonly text: (piece: string) => void
  /** What came of this answer so far does not count: it is asked for again after so many seconds. */
  readonly again: (says: string, seconds: number) => void
}

export interface Answer {
  readonly text: string
  readonly calls: readonly ToolCall[]
  /** For the conversation; the results of its calls are added behind it. */
  readonly message: ModelMessage | undefined
  /** The answer ended where it may not be longer. */
  readonly isCut: boolean
  /** Tokens of everything that was sent; undefined where the provider does not count. */
  readonly sent: number | undefined
}

export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly input: unknown
  /** Why what it wrote cannot be read; undefined for a good call. */
  readonly fault: string | undefined
}

/** Seconds before each further try where the provider names none. */
const delays = [1, 2, 4, 8, 16]

/** A model that said nothing for so long will hardly say more when it is asked a third time. */
const mostSilences = 2

/** Throws `ModelTrouble`, or the reason of `signal`. */
export async function answerOf(asked: Asked): Promise<Answer> {
  let silences = 0
  for (let tries = 0; ; tries++) {
    const found = await attempt(asked).catch((error: unknown) => {
      asked.signal.throwIfAborted()
      if (error instanceof Silence) silences += 1
      return error instanceof Silence ? error.trouble : troubleOf(error, asked.clock())
    })
    if (!('kind' in found)) return found
    const delay = delays[tries]
    if (found.kind !== 'passing' || delay === undefined || silences === mostSilences) {
      throw new ModelTrouble(lasting(found))
    }
    const seconds = found.after ?? delay
    asked.listener.again(found.says, seconds)
    await pause(seconds * 1000, undefined, { signal: asked.signal }).catch(() => {
      throw asked.signal.reason
    })
  }
}

/** What was to pass and did not. */
function lasting(trouble: Trouble): Trouble {
  if (trouble.kind !== 'passing') return trouble
  const { isLimit, says } = trouble
  return isLimit ? { kind: 'quota', retryAt: null, says } : { kind: 'fault', says }
}

class Silence extends Error {
  readonly trouble: Trouble
  constructor(patience: number) {
    super('no sign of life')
    const says = `the model said nothing for ${Math.round(patience / 1000)} seconds`
    this.trouble = { kind: 'passing', after: null, isLimit: false, says }
  }
}

async function attempt(asked: Asked): Promise<Answer> {
  const { model, instructions, messages, tools, listener, patience } = asked
  const silence = new AbortController()
  const alarm = setTimeout(() => silence.abort(new Silence(patience)), patience)
  const { stream, responseMessages } = streamText({
    model: model.language,
    instructions,
    messages: [...messages],
    tools: offered(tools),
    providerOptions: model.options,
    ...(model.chosen.output === null ? {} : { maxOutputTokens: model.chosen.output }),
    maxRetries: 0,
    abortSignal: AbortSignal.any([asked.signal, silence.signal]),
    // It would be printed; it is in the stream as well.
    onError: () => {},
  })
  // Of no use after an error, which the stream tells first.
  Promise.resolve(responseMessages).catch(() => {})
  const calls: ToolCall[] = []
  let text = ''
  let isCut = false
  let sent: number | undefined
  try {
    for await (const part of stream) {
      alarm.refresh()
      if (part.type === 'error') throw part.error
      if (part.type === 'abort') throw silence.signal.reason ?? asked.signal.reason
      if (part.type === 'text-delta') {
        text += part.text
        listener.text(part.text)
      } else if (part.type === 'tool-call') {
        calls.push({
          id: part.toolCallId,
          name: part.toolName,
          input: part.input,
          fault: part.invalid ? faultOf(part.error) : undefined,
        })
      } else if (part.type === 'finish-step') {
        const cost = saidCost(part.providerMetadata, model.chosen.provider)
        addUsage(asked.usage, part.usage, model.chosen.price, cost)
        sent = part.usage.inputTokens
        isCut = part.finishReason === 'length'
      }
    }
    const [message] = await responseMessages
    return { text, calls, message, isCut, sent }
  } finally {
    clearTimeout(alarm)
  }
}

/** Without a way to run them: a call of an answer that breaks off must have had no effect. */
function offered(tools: readonly Tool[]): ToolSet {
  const entries = tools.map(({ name, says, input }) => [
    name,
    tool({ description: says, inputSchema: jsonSchema(input) }),
  ])
  return Object.fromEntries(entries)
}

/** The innermost reason, without the words that the library puts around it. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? faultOf(error.cause) : error.message
}
