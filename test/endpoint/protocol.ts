import type { Call, Entry, Trouble } from './scenario.ts'

/** A wire format: how a request is read, and how an answer is written. */
export interface Protocol {
  readonly name: string
  /** Which addresses it answers, after the name of the script. */
  readonly path: RegExp
  readonly read: (body: Json, path: string) => Request
  /** The whole answer as one JSON value. */
  readonly whole: (reply: Reply) => Json
  /** The same in pieces, each a server-sent event. */
  readonly pieces: (reply: Reply) => Piece[]
  readonly refusal: (trouble: Trouble, retryAfter: number | undefined, now: number) => Refusal
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of four protocols, none of them ours
export type Json = any

export interface Request {
  readonly model: string
  readonly system: string
  readonly said: readonly Entry[]
  readonly tools: readonly Offered[]
  readonly streams: boolean
}

export interface Offered {
  readonly name: string
  /** Where the agent groups its tools. */
  readonly namespace?: string
}

export interface Reply {
  /** No two answers share one: an agent takes messages of the same id for parts of one. */
  readonly id: string
  readonly model: string
  readonly text: string
  readonly calls: readonly (Call & Offered & { readonly id: string })[]
  /** Tokens, by a rough measure. */
  readonly input: number
  readonly output: number
}

export interface Piece {
  readonly event?: string
  readonly data: Json
}

export interface Refusal {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: Json
}

/** Content that is a text, or a list of parts some of which have text. */
export function textOf(content: Json): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return content === undefined ? '' : JSON.stringify(content)
  return content.map((part) => part.text ?? '').join('')
}

/** A text as it streams: in a few parts of which none is empty. */
export function parts(text: string): string[] {
  const length = Math.max(1, Math.ceil(text.length / 4))
  return text.match(new RegExp(`[^]{1,${length}}`, 'gu')) ?? []
}

export function written(input: object | string): string {
  return typeof input === 'string' ? input : JSON.stringify(input)
}

/** What a call is sent as where a protocol has no room for text that is no JSON. */
export function asObject(input: object | string): object {
  return typeof input === 'string' ? { written: input } : input
}

/** Names of tools by the id of their call, for results that carry the id alone. */
export function namesById(calls: readonly { readonly id: string; readonly name: string }[]) {
  const names = new Map(calls.map(({ id, name }) => [id, name]))
  return (id: string): string => names.get(id) ?? id
}

export function retryHeader(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': String(seconds) }
}
