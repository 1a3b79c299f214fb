import type { Card, CardReason } from '../../../src/http/types.ts'
import { useSituation } from '../api/board.ts'
import { useNow } from '../lib/clock.ts'
import { shortDuration } from '../lib/duration.ts'
import { line, sentence } from '../lib/text.ts'
import { usePlace } from '../url/place-store.ts'
import { useTitles } from './titles.ts'

/** What a card says of itself: why it is where it is, what its worker is doing, what came of it. */
export function Words({ card }: { readonly card: Card }) {
  const said = useWords(card)
  if (said === null) return null
  return (
    <p dir="auto" className="foreign mt-1 line-clamp-2 text-xs text-soft">
      {said}
    </p>
  )
}

function useWords(card: Card): string | null {
  const { board } = usePlace()
  const situation = useSituation(board)
  const now = useNow()
  const titled = useTitles()
  switch (card.status) {
    case 'running':
      return said(card.note)
    case 'done':
      return said(card.latest_summary)
    case 'ready': {
      const held = situation?.ready.held[card.assignee ?? ''] ?? card.why
      if (held) return reason(held, card, now)
      return situation === undefined ? null : sentence(line(situation.ready.free), null)
    }
    case 'todo':
    case 'blocked':
      return card.why && reason(titled(card.why), card, now)
    default:
      return null
  }
}

function said(text: string | null | undefined): string | null {
  return text ? line(text) : null
}

/** With what is left of it, where it ends by itself. */
function reason({ says, until }: CardReason, { assignee }: Card, now: number): string {
  const words = sentence(line(says), assignee)
  return until === null || until <= now ? words : `${words} · ${shortDuration(until - now)} left`
}
