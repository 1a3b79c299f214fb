/** What a provider's refusal means: the one place that reads its status, its codes and, last, its words. */

import { APICallError } from 'ai'
import { cut, oneLine } from '../../lib/text.ts'

export type Trouble =
  /** Nothing more until a time that it may have named, in unix seconds. */
  | { readonly kind: 'quota'; readonly retryAt: number | null; readonly says: string }
  /** It does not know us. */
  | { readonly kind: 'login'; readonly says: string }
  /** The conversation is longer than its window. */
  | { readonly kind: 'overflow'; readonly says: string }
  /** Worth another try; after so many seconds where it says so. */
  | {
      readonly kind: 'passing'
      readonly after: number | null
      /** Too much was asked in too short a time. */
      readonly isLimit: boolean
      readonly says: string
    }
  /** The same request would fail again. */
  | { readonly kind: 'fault'; readonly says: string }

export class ModelTrouble extends Error {
  override readonly name = 'ModelTrouble'
  readonly trouble: Trouble

  constructor(trouble: Trouble) {
    super(trouble.says)
    this.trouble = trouble
  }
}

/** Waits up to this many seconds are waited out; beyond it somebody else can use the time. */
const longestWait = 60

/** `now` in unix seconds. */
export function troubleOf(error: unknown, now: number): Trouble {
  const { status, headers, body, message } = factsOf(error)
  const text = `${body} ${message}`
  const says = cut(oneLine(messageIn(body) ?? message), 300).replace(/\.$/, '')
  if (status === 401 || status === 403 || isLogin(text)) return { kind: 'login', says }
  if (status === 402 || isSpent(text)) return { kind: 'quota', retryAt: null, says }
  if (status === 429) return limited(text, headers, now, says)
  if (status === 413 || isOverflow(text)) return { kind: 'overflow', says }
  const isFault = status !== undefined && status >= 400 && status < 500 && status !== 408
  if (isFault && status !== 409) return { kind: 'fault', says }
  return { kind: 'passing', after: secondsUntil(headers, body, now), isLimit: false, says }
}

/** Too many requests for now, or too many for today. */
function limited(
  text: string,
  headers: Readonly<Record<string, string>>,
  now: number,
  says: string,
): Trouble {
  const after = secondsUntil(headers, text, now)
  const isOver =
    /usage.?limit|PerDay|per day|daily/i.test(text) ||
    headers['x-should-retry'] === 'false' ||
    headers['anthropic-ratelimit-unified-status'] === 'rejected'
  if (!isOver && (after === null || after <= longestWait))
    return { kind: 'passing', after, isLimit: true, says }
  return { kind: 'quota', retryAt: after === null ? null : now + after, says }
}

function isSpent(text: string): boolean {
  return /insufficient.?(?:quota|credit|balance)|credit balance is too low/i.test(text)
}

function isLogin(text: string): boolean {
  return /API_KEY_INVALID|API key not valid|invalid.?api.?key|authentication_error/i.test(text)
}

function isOverflow(text: string): boolean {
  return /context.?length|context.?window|context size|maximum context|prompt is too long|input token count|too many tokens|exceeds? the (?:available|maximum)/i.test(
    text,
  )
}

/** The time until another try, as each provider says it; null where none does. */
function secondsUntil(
  headers: Readonly<Record<string, string>>,
  text: string,
  now: number,
): number | null {
  const at = (seconds: number): number => Math.max(0, seconds - now)
  const reset = Number(headers['anthropic-ratelimit-unified-reset'])
  if (reset > 0) return at(reset)
  const named = /"resets_at"\s*:\s*(\d+)/.exec(text)?.[1]
  if (named !== undefined) return at(Number(named))
  const header = headers['retry-after']
  if (header !== undefined) {
    const seconds = /^\d+(?:\.\d+)?$/.test(header) ? Number(header) : at(Date.parse(header) / 1000)
    if (Number.isFinite(seconds)) return Math.ceil(seconds)
  }
  const delay = /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/.exec(text)?.[1]
  return delay === undefined ? null : Math.ceil(Number(delay))
}

interface Facts {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly message: string
}

/** Of a refused request, of an error in the middle of a stream, of a connection that broke. */
function factsOf(error: unknown): Facts {
  if (APICallError.isInstance(error)) {
    const { statusCode, responseHeaders = {}, responseBody = '', message, cause } = error
    // A broken stream has the status of its good beginning.
    const status = statusCode === 200 ? undefined : statusCode
    const why = status === undefined ? rootOf(cause) : undefined
    return {
      status,
      headers: responseHeaders,
      body: responseBody,
      message: why === undefined || message.includes(why) ? message : `${message}: ${why}`,
    }
  }
  const { statusCode, code, type } = (error ?? {}) as Readonly<Record<string, unknown>>
  const words = [code, type].filter((word) => typeof word === 'string')
  return {
    status: typeof statusCode === 'number' && statusCode !== 200 ? statusCode : undefined,
    headers: {},
    body: words.join(' '),
    message: error instanceof Error ? error.message : JSON.stringify(error),
  }
}

/** `connect ECONNREFUSED 127.0.0.1:11434` says more than `fetch failed`. */
function rootOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  return rootOf(cause.cause) ?? (cause.message || undefined)
}

function messageIn(body: string): string | undefined {
  try {
    const { error, message } = JSON.parse(body)
    const said = error?.message ?? error ?? message
    return typeof said === 'string' ? said : undefined
  } catch {
    return undefined
  }
}
