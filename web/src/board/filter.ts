import type { Card } from '../../../src/http/types.ts'

export interface Filter {
  readonly q: string
  /** What the server found in texts that cards do not carry. */
  readonly found: ReadonlySet<string> | undefined
  /** Empty: of any. */
  readonly tenant: string
  /** Empty: anybody's; `-`: nobody's. */
  readonly assignee: string
  /** Only these, where it is given. */
  readonly only: ReadonlySet<string> | undefined
}

export const nobody = '-'

const haystacks = new WeakMap<Card, string>()

function haystack(card: Card): string {
  const known = haystacks.get(card)
  if (known !== undefined) return known
  const { id, title, assignee, latest_summary, tenant } = card
  const made = [id, title, assignee, latest_summary, tenant].join('\n').toLowerCase()
  haystacks.set(card, made)
  return made
}

export function passes(card: Card, filter: Filter): boolean {
  if (filter.tenant !== '' && card.tenant !== filter.tenant) return false
  if (filter.assignee !== '' && (card.assignee ?? nobody) !== filter.assignee) return false
  if (filter.only !== undefined && !filter.only.has(card.id)) return false
  if (filter.q === '') return true
  return haystack(card).includes(filter.q.toLowerCase()) || filter.found?.has(card.id) === true
}
