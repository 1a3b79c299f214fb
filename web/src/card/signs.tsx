import { ArrowDown, ArrowUp, TriangleAlert } from 'lucide-react'
import type { Card } from '../../../src/http/types.ts'
import { count } from '../lib/text.ts'

/** Nothing for the usual one. */
export function Priority({ value }: { readonly value: number }) {
  if (value === 0) return null
  const Icon = value > 0 ? ArrowUp : ArrowDown
  return (
    <span className="tabular flex items-center text-soft" title={`Priority ${value}`}>
      <Icon size={12} strokeWidth={2} aria-hidden />
      <span className="sr-only">Priority </span>
      {Math.abs(value)}
    </span>
  )
}

export function Warning({ card }: { readonly card: Card }) {
  const { warnings } = card
  if (warnings.count === 0) return null
  const what = `${count(warnings.count, 'warning')}: ${warnings.kinds.map(warningName).join(', ')}`
  return (
    <span className="tabular flex items-center gap-0.5 text-late" title={what}>
      <TriangleAlert size={13} strokeWidth={2} aria-hidden />
      {warnings.count}
      <span className="sr-only"> {what}</span>
    </span>
  )
}

/** In a person's words what an event of a warning means. */
export function warningName(kind: string): string {
  if (kind === 'completion_blocked_hallucination') return 'claimed cards that do not exist'
  if (kind === 'suspected_hallucinated_references') return 'mentions cards that do not exist'
  return kind
}

/** How many of its children are over; green when all are. */
export function Progress({ card }: { readonly card: Card }) {
  const { progress } = card
  if (progress === null) return null
  const { done, total } = progress
  const isFull = done === total
  return (
    <span
      className={`tabular flex items-center gap-1 rounded-full border px-1.5 ${isFull ? 'border-done text-done' : 'border-line text-soft'}`}
      title={`${done} of ${count(total, 'child task')} finished`}
    >
      <svg
        viewBox="0 0 10 10"
        width="10"
        height="10"
        aria-hidden="true"
        className="-rotate-90 @max-[11rem]:hidden"
      >
        <circle cx="5" cy="5" r="4" fill="none" stroke="var(--color-line)" strokeWidth="1.5" />
        <circle
          cx="5"
          cy="5"
          r="4"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          pathLength="100"
          strokeDasharray={`${total === 0 ? 0 : (100 * done) / total} 100`}
        />
      </svg>
      {done}/{total}
    </span>
  )
}
