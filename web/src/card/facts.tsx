import { GitFork, MessageSquare } from 'lucide-react'
import type { Card } from '../../../src/http/types.ts'
import { cx } from '../lib/classes.ts'
import { useNow } from '../lib/clock.ts'
import { dateOf, shortDuration } from '../lib/duration.ts'
import { count, line } from '../lib/text.ts'
import { Progress } from './signs.tsx'

/** The last line of a card: who, what hangs on it, how old. */
export function Facts({ card }: { readonly card: Card }) {
  const { assignee, comment_count, link_counts } = card
  const links = link_counts.parents + link_counts.children
  return (
    <div className="@container mt-2 flex h-4.5 items-center gap-2 text-xs text-faint">
      {assignee === null ? (
        <span>Nobody</span>
      ) : (
        <span className="flex min-w-10 items-center gap-1.5 text-soft">
          <Monogram name={assignee} />
          <span className="truncate">{line(assignee)}</span>
        </span>
      )}
      <span className="flex-1" />
      <Progress card={card} />
      {links > 0 && (
        <span
          className={cx(
            'tabular flex items-center gap-0.5',
            // Where there is room for one of both, how far its children are tells more.
            card.progress !== null && '@max-[14rem]:hidden',
          )}
          title={`${count(link_counts.parents, 'parent')}, ${count(link_counts.children, 'child', 'children')}`}
        >
          <GitFork size={12} strokeWidth={1.75} aria-hidden />
          {links}
          <span className="sr-only"> links</span>
        </span>
      )}
      {comment_count > 0 && (
        <span className="tabular flex items-center gap-0.5">
          <MessageSquare size={12} strokeWidth={1.75} aria-hidden />
          {comment_count}
          <span className="sr-only"> comments</span>
        </span>
      )}
      <Age card={card} />
    </div>
  )
}

/** How long it has run, how long ago it was finished, else how long it has been there. */
function Age({ card }: { readonly card: Card }) {
  const now = useNow()
  const [since, what] =
    card.status === 'running'
      ? [card.since, 'Started']
      : card.status === 'done'
        ? [card.completed_at ?? card.created_at, 'Finished']
        : [card.created_at, 'Created']
  return (
    <time
      className="tabular min-w-6 text-end"
      dateTime={isoOf(since)}
      title={`${what} ${dateOf(since)}`}
    >
      {shortDuration(now - since)}
    </time>
  )
}

function isoOf(seconds: number): string | undefined {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

export function Monogram({ name }: { readonly name: string }) {
  return (
    <span
      aria-hidden
      className="grid size-4 shrink-0 place-items-center rounded-full bg-hover text-[0.625rem] font-semibold text-soft uppercase"
    >
      {[...name][0]}
    </span>
  )
}
