import { TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Needing } from '../board/attention.ts'
import { warningName } from '../card/signs.tsx'
import { useNow } from '../lib/clock.ts'
import { shortDuration } from '../lib/duration.ts'
import { count, line } from '../lib/text.ts'
import { Mark } from '../status/mark.tsx'
import { IconButton } from '../ui/button.tsx'
import { adjust, goTo } from '../url/place-store.ts'
import { useView } from '../url/view.ts'
import { useDismissed } from './dismissed.ts'

const most = 6

/** What somebody should look at this morning. Dismissed, it stays away until something new is wrong. */
export function AttentionStrip({ needs }: { readonly needs: readonly Needing[] }) {
  const { attention } = useView()
  const { isDismissed, dismiss } = useDismissed('cards')
  const shown = needs.filter(({ card, need }) => !isDismissed(`${card.id} ${need}`))
  if (shown.length === 0 && !attention) return null
  return (
    <Strip
      label={`${count(shown.length, 'card')} ${shown.length === 1 ? 'needs' : 'need'} attention`}
      onDismiss={() => {
        dismiss(needs.map(({ card, need }) => `${card.id} ${need}`))
        if (attention) adjust({ attention: false })
      }}
    >
      <ul className="flex h-6 min-w-0 flex-1 flex-wrap items-center gap-1.5 overflow-hidden max-sm:order-last max-sm:basis-full">
        {shown.slice(0, most).map((needing) => (
          <li key={needing.card.id} className="max-w-full min-w-0 shrink-0">
            <Chip needing={needing} />
          </li>
        ))}
      </ul>
      <button
        type="button"
        aria-pressed={attention}
        onClick={() => adjust({ attention: !attention })}
        className="shrink-0 rounded-sm px-1.5 py-0.5 text-soft hover:bg-hover hover:text-ink"
      >
        {attention ? 'Show the whole board' : 'Show only these'}
      </button>
    </Strip>
  )
}

interface StripProps {
  readonly label: string
  readonly children?: ReactNode
  readonly onDismiss?: () => void
}

/** A line above the board about something that is not well. */
export function Strip({ label, children, onDismiss }: StripProps) {
  return (
    <section
      aria-label={label}
      className="mx-3 mb-2 flex min-h-9 shrink-0 items-center gap-2.5 rounded-md border border-line bg-surface px-2.5 py-1 text-xs"
    >
      <TriangleAlert size={14} aria-hidden className="shrink-0 text-late" />
      <div className="flex min-w-0 flex-1 items-center gap-x-2.5 gap-y-1 max-sm:flex-wrap">
        <strong className="font-medium sm:whitespace-nowrap">{label}</strong>
        {children}
      </div>
      {onDismiss && (
        <IconButton
          icon={X}
          label="Dismiss for this session"
          className="-mr-1 size-6 pointer-coarse:size-8"
          onClick={onDismiss}
        />
      )}
    </section>
  )
}

function Chip({ needing }: { readonly needing: Needing }) {
  const { card } = needing
  const why = useReason(needing)
  return (
    <button
      type="button"
      onClick={() => goTo({ task: card.id })}
      className="flex h-6 w-full max-w-72 items-center gap-1.5 rounded-sm border border-line px-1.5 hover:border-edge hover:bg-hover"
    >
      <Mark status={card.status} size={12} still />
      <span className="foreign truncate">{line(card.title)}</span>
      <span className="shrink-0 text-late">{why}</span>
    </button>
  )
}

const faults: Readonly<Record<string, string>> = {
  protocol: 'ended without a word',
  quota: 'out of quota',
  login: 'not logged in',
}

function useReason({ card, need }: Needing): string {
  const now = useNow()
  if (need === 'breaker') {
    return faults[card.block_kind ?? ''] ?? `failed ${card.consecutive_failures} times`
  }
  if (need === 'warning') return warningName(card.warnings.kinds[0] ?? 'warning')
  return `${card.status} for ${shortDuration(now - card.since)}`
}
