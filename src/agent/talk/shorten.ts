/** Keeps a conversation within the window of its model, and says in it what is missing. */

import type { ModelMessage, ToolModelMessage } from 'ai'
import { byteLength, cut } from '../../lib/text.ts'

/** Bytes of a text for a token, on the careful side: English has 4, code and JSON about 3. */
const bytesPerToken = 3

/** What is left of a result or of an argument that is cut, in bytes. */
const remnant = 300

/** Messages at the end that are cut last: what the model is at. */
const recent = 4

export function tokensOf(value: unknown): number {
  return Math.ceil(byteLength(JSON.stringify(value)) / bytesPerToken)
}

/**
 * Results and arguments of earlier steps, the oldest first, until the rest fits. The latest come last, and
 * keep more: they alone may be longer than a small window.
 */
export function cutResults(messages: readonly ModelMessage[], room: number): ModelMessage[] {
  const kept = [...messages]
  let size = tokensOf(kept)
  for (const [at, message] of messages.entries()) {
    if (size <= room) break
    const isRecent = at >= messages.length - recent
    const left = isRecent ? Math.floor((room * bytesPerToken) / 8) : remnant
    const shorter = shortened(message, left)
    size += tokensOf(shorter) - tokensOf(message)
    kept[at] = shorter
  }
  return kept
}

function shortened(message: ModelMessage, left: number): ModelMessage {
  if (message.role === 'tool') return { ...message, content: message.content.map(cutResult(left)) }
  if (message.role !== 'assistant' || typeof message.content === 'string') return message
  const content = message.content.map((part) =>
    part.type === 'tool-call' ? { ...part, input: cutTexts(part.input, left) } : part,
  )
  return { ...message, content }
}

type Part = ToolModelMessage['content'][number]

function cutResult(left: number): (part: Part) => Part {
  return (part) => {
    if (part.type !== 'tool-result') return part
    const { output } = part
    if (output.type !== 'text' && output.type !== 'error-text') return part
    if (byteLength(output.value) <= left) return part
    const value = `${cut(output.value, left)} (left out to make room: call the tool again if you need it)`
    return { ...part, output: { ...output, value } }
  }
}

function cutTexts(input: unknown, left: number): unknown {
  if (typeof input === 'string') return cut(input, left)
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [key, cutTexts(value, left)]),
  )
}

export interface Divided {
  /** What the conversation is about: its first message. */
  readonly first: ModelMessage
  readonly middle: readonly ModelMessage[]
  /** The latest messages; begins with no result, whose call would be missing. */
  readonly last: readonly ModelMessage[]
}

/** Undefined where there is nothing between the beginning and what is being done. */
export function divide(messages: readonly ModelMessage[], room: number): Divided | undefined {
  const [first] = messages
  if (first === undefined) return undefined
  let from = messages.length
  while (from > 1 && tokensOf(messages.slice(from - 1)) <= room) from -= 1
  while (from < messages.length && messages[from]?.role === 'tool') from += 1
  const middle = messages.slice(1, from)
  return middle.length === 0 ? undefined : { first, middle, last: messages.slice(from) }
}
