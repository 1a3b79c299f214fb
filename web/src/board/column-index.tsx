import { useEffect, useRef } from 'react'
import { Mark } from '../status/mark.tsx'
import { lookOf } from '../status/statuses.ts'
import type { Column } from './columns.ts'

/** On a phone, where one column fills the page: all of them with their counts, each a way to it. */
export function ColumnIndex({ columns }: { readonly columns: readonly Column[] }) {
  const first = useRef(columns.find(({ cards }) => cards.length > 0)?.name)
  useEffect(() => {
    if (first.current !== undefined) show(first.current, 'instant')
  }, [])
  return (
    <nav aria-label="Columns" className="flex shrink-0 gap-1 px-3 pb-2 sm:hidden">
      {columns.map(({ name, cards }) => (
        <button
          key={name}
          type="button"
          aria-label={`${lookOf(name).name}, ${cards.length} cards`}
          className="flex h-9 min-w-0 flex-1 items-center justify-center gap-1.5 rounded-md border border-line bg-surface text-xs text-soft"
          onClick={() => show(name, 'smooth')}
        >
          <Mark status={name} still />
          <span className="tabular">{cards.length > 999 ? '999+' : cards.length}</span>
        </button>
      ))}
    </nav>
  )
}

function show(name: string, behavior: ScrollBehavior): void {
  const column = document.querySelector(`[data-column="${CSS.escape(name)}"]`)
  // Only where they are beside each other: on a wide page all are in view.
  if (window.matchMedia('(width < 40rem)').matches) {
    column?.scrollIntoView({ behavior, block: 'nearest', inline: 'start' })
  }
}
