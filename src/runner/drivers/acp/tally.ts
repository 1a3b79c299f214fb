import type { PromptResponse, SessionUpdate } from '@agentclientprotocol/sdk'
import type { Usage } from '../../../board/session.ts'

/** Adds up what an agent tells about its use of tokens. The numbers are its own, and agents count differently. */
export interface Tally {
  turn(response: PromptResponse): void
  update(update: SessionUpdate): void
  /** Null where it has told nothing. */
  total(): Usage | null
}

/** `counts`: whether it reports what a turn used, or the whole session so far. */
export function keepTally(counts: 'turn' | 'session'): Tally {
  let total: Usage = {}
  return {
    turn(response) {
      const used = usageIn(response)
      total = counts === 'turn' ? sum(total, used) : { ...total, ...used }
    },
    update(update) {
      if (update.sessionUpdate !== 'usage_update' || update.cost?.currency !== 'USD') return
      total = { ...total, cost: update.cost.amount }
    },
    total: () => (Object.keys(total).length === 0 ? null : total),
  }
}

function sum(a: Usage, b: Usage): Usage {
  const keys = ['input', 'output', 'cached'] as const
  const known = keys.filter((key) => a[key] !== undefined || b[key] !== undefined)
  return { ...a, ...Object.fromEntries(known.map((key) => [key, (a[key] ?? 0) + (b[key] ?? 0)])) }
}

/** In the field that the protocol drafts, else where Gemini has it. */
function usageIn(response: PromptResponse): Usage {
  const { usage, _meta } = response as PromptResponse & { readonly usage?: unknown }
  const quota = fieldOf(_meta, 'quota')
  const used = usage ?? fieldOf(quota, 'token_count')
  return {
    ...numberIn('input', used, 'inputTokens', 'input_tokens'),
    ...numberIn('output', used, 'outputTokens', 'output_tokens'),
    ...numberIn('cached', used, 'cachedReadTokens', 'cached_tokens'),
  }
}

function numberIn(key: keyof Usage, from: unknown, ...names: readonly string[]): Usage {
  const found = names.map((name) => fieldOf(from, name)).find((value) => Number.isFinite(value))
  return found === undefined ? {} : { [key]: found }
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined
}
