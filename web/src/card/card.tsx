import { Ellipsis } from 'lucide-react'
import { type MouseEvent, memo, useRef } from 'react'
import type { Card as Data } from '../../../src/http/types.ts'
import { noteFocus, useIsFocused } from '../board/focus.ts'
import { latenessOf } from '../board/late.ts'
import { useDraggable } from '../drag/draggable-card.ts'
import { dragging } from '../drag/dragging.ts'
import { cx } from '../lib/classes.ts'
import { useNow } from '../lib/clock.ts'
import { line } from '../lib/text.ts'
import { extendTo, toggle, useAnySelected, useIsSelected } from '../selection/selection.ts'
import { Mark } from '../status/mark.tsx'
import { goTo, hrefTo, useIsOpen } from '../url/place-store.ts'
import { Facts } from './facts.tsx'
import { openMenu } from './menu-store.ts'
import { Priority, Warning } from './signs.tsx'
import { Words } from './words.tsx'

interface CardProps {
  readonly card: Data
  /** The ids of its column in order: a range of the selection runs along them. */
  readonly column: readonly string[]
  /** Where the keyboard comes in when it has been nowhere yet. */
  readonly isEntry: boolean
}

const edges = {
  late: 'before:bg-late',
  wrong: 'before:bg-wrong',
}

export const Card = memo(function Card({ card, column, isEntry }: CardProps) {
  const { id } = card
  const element = useRef<HTMLElement>(null)
  const isSelected = useIsSelected(id)
  const isOpen = useIsOpen(id)
  const isFocused = useIsFocused(id)
  const lateness = latenessOf(card, useNow())
  useDraggable(element, id)

  function pick(event: MouseEvent): void {
    if (event.shiftKey) extendTo(id, column)
    else toggle(id)
  }

  function open(event: MouseEvent): void {
    event.preventDefault()
    if (event.shiftKey || event.ctrlKey || event.metaKey) pick(event)
    else goTo({ task: id, tab: 'task' })
  }

  return (
    <article
      ref={element}
      data-card={id}
      data-status={card.status}
      data-late={lateness}
      onContextMenu={(event) => {
        event.preventDefault()
        // A finger that holds the card is about to carry it.
        if (dragging.get() === null) openMenu(id, { x: event.clientX, y: event.clientY })
      }}
      className={cx(
        'group relative isolate [-webkit-touch-callout:none] pointer-coarse:select-none rounded-md border bg-surface px-3 py-2.5 shadow-card',
        'hover:border-edge has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-offset-1 has-[a:focus-visible]:outline-act',
        isOpen || isSelected ? 'border-act' : 'border-line',
        isSelected && 'bg-[color-mix(in_srgb,var(--color-act)_8%,var(--color-surface))]',
        lateness &&
          'before:absolute before:inset-y-1.5 before:left-0 before:w-0.75 before:rounded-r-sm',
        lateness && edges[lateness],
      )}
    >
      <div className="flex h-4 items-center gap-2 text-xs text-faint pointer-coarse:pr-6">
        <Choice card={card} isSelected={isSelected} onPick={pick} />
        <span className="shrink-0 font-mono">{id}</span>
        <span className="flex min-w-0 flex-1 justify-end">
          {card.tenant !== null && (
            <span className="truncate" title="Tenant">
              {line(card.tenant)}
            </span>
          )}
        </span>
        <Warning card={card} />
        <Priority value={card.priority} />
      </div>
      <a
        href={hrefTo({ task: id })}
        draggable={false}
        tabIndex={isFocused || isEntry ? 0 : -1}
        onFocus={() => noteFocus(id)}
        onClick={open}
        className="foreign mt-1 line-clamp-3 font-medium outline-none after:absolute after:inset-0"
        dir="auto"
      >
        {line(card.title)}
      </a>
      <Words card={card} />
      <Facts card={card} />
      <button
        type="button"
        tabIndex={-1}
        aria-label={`What can be done with ${id}`}
        aria-haspopup="menu"
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          openMenu(id, { x: box.left, y: box.bottom })
        }}
        className="absolute top-1.5 right-1.5 grid size-6 place-items-center rounded-sm bg-surface text-soft opacity-0 shadow-[-6px_0_6px_var(--color-surface)] pointer-coarse:shadow-none group-hover:opacity-100 group-has-[a:focus-visible]:opacity-100 hover:bg-hover pointer-coarse:opacity-100"
      >
        <Ellipsis size={14} aria-hidden />
      </button>
    </article>
  )
})

/** The sign of its status; a box to select it where somebody is about to. */
function Choice({
  card,
  isSelected,
  onPick,
}: {
  readonly card: Data
  readonly isSelected: boolean
  readonly onPick: (event: MouseEvent) => void
}) {
  const isSelecting = useAnySelected()
  return (
    <span className="relative z-1 -m-1.5 grid size-6.5 place-items-center">
      <span
        className={cx(
          'group-hover:opacity-0 group-has-[input:focus-visible]:opacity-0',
          isSelecting && 'opacity-0',
        )}
      >
        <Mark status={card.status} still />
      </span>
      <input
        type="checkbox"
        aria-label={`Select ${card.id}`}
        tabIndex={-1}
        checked={isSelected}
        onClick={onPick}
        onChange={() => {}}
        className={cx(
          'absolute inset-0 m-auto size-3.5 accent-act group-hover:opacity-100 focus-visible:opacity-100',
          isSelecting ? 'opacity-100' : 'opacity-0',
        )}
      />
    </span>
  )
}
