/** What the real agents were seen to say, and what it means. */

import { describe, expect, test } from 'vitest'
import { retryTime } from '../../src/lib/retry-time.ts'
import { builtIn } from '../../src/workers/runtimes.ts'
import { meaningOf, retryAt, type Said } from '../../src/workers/signs.ts'

function meaning(runtime: string, said: Said) {
  const found = builtIn.find(({ name }) => name === runtime)
  if (found === undefined) throw new Error(`there is no runtime ${runtime}`)
  return meaningOf(found.signs, said)
}

function error(code: number, message: string, data?: unknown): Said {
  return { code, message, data }
}

describe('errors', () => {
  test.each<[string, Said, 'quota' | 'login' | undefined]>([
    ['claude-code', error(-32603, 'Internal error', { errorKind: 'rate_limit' }), 'quota'],
    [
      'claude-code',
      error(-32603, "You've hit your 5-hour limit · resets 5:53pm (UTC)", {
        errorKind: 'rate_limit',
      }),
      'quota',
    ],
    ['claude-code', error(-32603, 'Internal error', { errorKind: 'billing_error' }), 'quota'],
    ['claude-code', error(-32000, 'Authentication required'), 'login'],
    ['claude-code', error(-32603, 'API Error: 500', { errorKind: 'server_error' }), undefined],
    ['codex', error(-32603, 'x', { codexErrorInfo: 'usageLimitExceeded' }), 'quota'],
    ['codex', error(-32000, 'Authentication required'), 'login'],
    ['codex', error(-32603, 'x', { codexErrorInfo: 'internalServerError' }), undefined],
    ['gemini', error(429, 'You have exhausted your daily quota on this model.'), 'quota'],
    ['gemini', error(400, '{"error":{"message":"API key not valid."}}'), 'login'],
    ['gemini', error(400, '{"error":{"details":[{"reason":"API_KEY_INVALID"}]}}'), 'login'],
    ['gemini', error(400, 'the request is too long'), undefined],
    ['gemini', error(500, 'x'), undefined],
    [
      'opencode',
      error(-32603, 'Internal error: Rate limit reached', { errorName: 'APIError' }),
      'quota',
    ],
    ['opencode', error(-32603, 'Internal error: Incorrect API key provided.'), 'login'],
    ['opencode', error(-32603, 'x', { errorName: 'APIError', statusCode: 401 }), 'login'],
    ['qwen', error(-32603, 'Internal error', { details: '401 Incorrect API key' }), 'login'],
    ['qwen', error(-32603, 'Internal error', { details: '429 slow down' }), 'quota'],
    ['qwen', error(-32000, 'Authentication required: Use Qwen Code CLI first.'), 'login'],
    ['copilot', error(-32000, 'Authentication required'), 'login'],
    ['hermes-acp', error(-32603, 'disk quota exceeded'), undefined],
    ['hermes-acp', error(401, 'x'), 'login'],
  ])('%s: %j', (runtime, said, expected) => {
    expect(meaning(runtime, said)).toBe(expected)
  })
})

describe('last words', () => {
  test.each<[string, string, 'quota' | 'login' | undefined]>([
    ['codex', 'exceeded retry limit, last status: 429 Too Many Requests', 'quota'],
    ['codex', 'Missing environment variable: `LOCAL_KEY`.', 'login'],
    ['copilot', 'Error: Failed to get response from the AI model; 429', 'quota'],
    ['copilot', 'Error: Authentication failed with provider local (HTTP 401)', 'login'],
    ['copilot', 'Error: No authentication information found.', 'login'],
    ['claude-code', "You've hit your 5-hour limit · resets 5:53pm (UTC)", 'quota'],
    ['claude-code', 'Invalid API key · Please run /login', 'login'],
    ['hermes-agent', 'API call failed: Error code: 429 - rate limited', 'quota'],
    // What somebody writes about is not what they met.
    [
      'claude-code',
      'The server answers 429 when its rate limit is met: I added a retry.',
      undefined,
    ],
    ['gemini', 'I documented the usage limit and the 401 of the login page.', undefined],
    ['codex', 'The quota test is green.', undefined],
  ])('%s: %s', (runtime, words, expected) => {
    expect(meaning(runtime, { words })).toBe(expected)
  })
})

const now = Date.UTC(2026, 10, 20, 12, 0) / 1000

test.each<[string, string | null]>([
  ["You've hit your 5-hour limit · resets 5:53pm (UTC)", '2026-11-20T17:53:00Z'],
  ['resets 9am (UTC)', '2026-11-21T09:00:00Z'],
  ['resets 5pm (America/New_York)', '2026-11-20T22:00:00Z'],
  ['Try again at Nov 25th, 2026 9:12 AM (UTC).', '2026-11-25T09:12:00Z'],
  ['or try again in 3 days 4 hours 5 minutes.', '2026-11-23T16:05:00Z'],
  ['Please retry in 34.2s', '2026-11-20T12:00:35Z'],
  ['retry after 2 minutes', '2026-11-20T12:02:00Z'],
  ['Your quota will reset after 1h2m3s.', '2026-11-20T13:02:03Z'],
  ['available again at 2026-11-20T14:00:00+01:00', '2026-11-20T13:00:00Z'],
  ['resets at 2026-11-20 11:00:00Z', null],
  ['try again at 5', null],
  ['try again later', null],
  ['I read 5 files in 3 minutes', null],
  ['meet me at 5:30pm (UTC)', '2026-11-20T17:30:00Z'],
])('%s', (text, expected) => {
  const time = retryTime(text, now)
  expect(time === null ? null : new Date(time * 1000).toISOString().replace('.000', '')).toBe(
    expected,
  )
})

test.each<[unknown, number | null]>([
  [{ retryAfter: 30 }, now + 30],
  [{ error: { retry_after_ms: 1500 } }, now + 2],
  [{ rateLimits: { primary: { resetsAt: now + 60 } } }, now + 60],
  [{ resets_at: (now + 60) * 1000 }, now + 60],
  [{ resetsAt: '2026-11-20T13:00:00Z' }, now + 3600],
  [{ resetsAt: now - 60 }, null],
  // Nobody's window is that long.
  [{ resetsAt: now + 30 * 86_400 }, null],
  [{ code: 7, list: [1, 'x', null] }, null],
])('data %j', (data, expected) => {
  expect(retryAt({ code: 0, message: '', data }, now)).toBe(expected)
})
