/** What an agent's errors and last words mean for its run: a quota, a missing login, or neither. */

import { retryTime } from '../lib/retry-time.ts'

export type Meaning = 'quota' | 'login'

/** How one agent shows it: all that is named here has to be so. */
export interface Sign {
  readonly means: Meaning
  /** The code of an error. */
  readonly code?: number
  /** In an error: its message, and its data as JSON. */
  readonly error?: RegExp
  /** In the words with which it ended a turn, or its process. Agents write about quotas too: only what is unmistakable. */
  readonly words?: RegExp
}

/** An error of the protocol, or what was said last. */
export type Said =
  | { readonly code: number; readonly message: string; readonly data?: unknown }
  | { readonly words: string }

/** Codes are not comparable between agents, so an agent's own signs go before these. */
const common: readonly Sign[] = [
  { means: 'quota', code: 429 },
  {
    means: 'quota',
    error:
      /\b429\b|rate.?limit|too many requests|usage.?limit|(?<!disk )quota|insufficient (?:funds|credits?)|credit balance/i,
  },
  // What the protocol itself says for "authentication required".
  { means: 'login', code: -32000 },
  { means: 'login', code: 401 },
  {
    means: 'login',
    error:
      /\b401\b|unauthori[sz]ed|not (?:logged|signed) in|authentication (?:failed|required)|(?:invalid|incorrect|wrong|missing|no) .{0,12}api.?key|api.?key.{0,12}(?:invalid|not valid)/i,
  },
]

/** Undefined for an error that is only an error. */
export function meaningOf(signs: readonly Sign[], said: Said): Meaning | undefined {
  return [...signs, ...common].find((sign) => shows(sign, said))?.means
}

function shows({ code, error, words }: Sign, said: Said): boolean {
  if ('words' in said) return words?.test(said.words) ?? false
  if (code === undefined && error === undefined) return false
  if (code !== undefined && code !== said.code) return false
  return error?.test(textOf(said)) ?? true
}

function textOf({ message, data }: Extract<Said, { code: number }>): string {
  return data === undefined ? message : `${message} ${JSON.stringify(data)}`
}

/** Nobody's window is longer; what says so is misread. */
const longestWait = 8 * 86_400

/** When the quota ends, in unix seconds; null where nobody said so. */
export function retryAt(said: Said, now: number): number | null {
  const time =
    'words' in said
      ? retryTime(said.words, now)
      : (timeIn(said.data, now) ?? retryTime(said.message, now))
  return time === null || time > now + longestWait ? null : time
}

const isTime = /^(?:resets?_?at|reset_?time|retry_?at)$/i
const isWait = /^(?:retry_?after|retry_?in|resets?_?in)(?:_?(?:s|seconds|ms))?$/i

/** A field of the data that is named after it, however deep. */
function timeIn(data: unknown, now: number): number | null {
  if (typeof data !== 'object' || data === null) return null
  for (const [key, value] of Object.entries(data)) {
    const number = typeof value === 'string' ? Number(value) : value
    const time =
      typeof number !== 'number' || Number.isNaN(number)
        ? isTime.test(key)
          ? retryTime(String(value), now)
          : timeIn(value, now)
        : isTime.test(key)
          ? seconds(number)
          : isWait.test(key)
            ? now + (/ms$/i.test(key) ? number / 1000 : number)
            : null
    if (time !== null && time > now) return Math.ceil(time)
  }
  return null
}

/** Of seconds or milliseconds since 1970. */
function seconds(time: number): number {
  return time > 1e11 ? time / 1000 : time
}
