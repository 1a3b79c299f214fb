import type { Shown as BoardShown } from '../../board/show.ts'
import type { Why } from '../../dispatcher/why.ts'
import type { Event } from '../../model/event.ts'
import type { Shown } from '../types.ts'

interface Details
  extends BoardShown,
    Pick<Shown, 'note' | 'log' | 'board' | 'latest_event_id' | 'now'> {
  readonly why: Why
}

/** A task as the page opens it: neighbours by their ids too, warnings with what they name. */
export function shownTask({ task, warnings, why, ...rest }: Details) {
  const { parents, children } = rest
  return {
    ...rest,
    task: { ...task, warnings: warningsOf(warnings) },
    links: { parents: parents.map(({ id }) => id), children: children.map(({ id }) => id) },
    why: { why: why.why, next: why.next, until: why.until },
  }
}

function warningsOf(events: readonly Event[]): Shown['task']['warnings'] {
  const named = events.flatMap(({ payload }) => [payload?.phantom_cards, payload?.phantom_refs])
  const phantoms = named.flat().filter((id) => typeof id === 'string')
  return {
    count: events.length,
    kinds: [...new Set(events.map(({ kind }) => kind))],
    latest_at: events.at(-1)?.created_at ?? null,
    phantoms: [...new Set(phantoms)],
    events: [...events],
  }
}
