import type { LanguageModelUsage } from 'ai'
import type { ChosenModel } from '../../config/models.ts'

/** Tokens of a run so far, and what they cost where that is known. */
export interface Usage {
  /** All that was sent, what came from a cache included. */
  input: number
  output: number
  cached: number
  /** US dollars; null where nobody says what a token costs. */
  cost: number | null
}

export function noUsage(): Usage {
  return { input: 0, output: 0, cached: 0, cost: null }
}

/** Adds one answer. `said` is what its provider says that it cost. */
export function addUsage(
  total: Usage,
  of: LanguageModelUsage,
  price: ChosenModel['price'],
  said: number | undefined,
): void {
  const input = of.inputTokens ?? 0
  const output = of.outputTokens ?? 0
  const cached = of.inputTokenDetails.cacheReadTokens ?? 0
  total.input += input
  total.output += output
  total.cached += cached
  const cost = said ?? costOf(price, input, output, cached)
  if (cost !== undefined) total.cost = (total.cost ?? 0) + cost
}

function costOf(
  price: ChosenModel['price'],
  input: number,
  output: number,
  cached: number,
): number | undefined {
  if (price === null) return undefined
  const fresh = (input - cached) * price.input
  return (fresh + cached * (price.cached ?? price.input) + output * price.output) / 1_000_000
}
