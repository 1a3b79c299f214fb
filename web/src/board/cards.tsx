import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useMemo } from 'react'
import { BrokenCard } from '../card/broken-card.tsx'
import { Card } from '../card/card.tsx'
import { Monogram } from '../card/facts.tsx'
import { useStore } from '../lib/store.ts'
import { line } from '../lib/text.ts'
import { lookOf } from '../status/statuses.ts'
import { Boundary } from '../ui/boundary.tsx'
import { type Column, type Row, rowsOf } from './columns.ts'
import { linkOf, wanted } from './focus.ts'

interface CardsProps {
  readonly column: Column
  readonly lanes: boolean
  readonly isEntry: boolean
  readonly isFiltered: boolean
  readonly scroller: RefObject<HTMLDivElement | null>
}

const cardHeight = 104
const laneHeight = 28

/** The cards of a column, of which only those in view are drawn. */
export function Cards({ column, lanes, isEntry, isFiltered, scroller }: CardsProps) {
  const rows = useMemo(() => rowsOf(column, lanes), [column, lanes])
  const ids = useMemo(() => rows.flatMap((row) => (row.kind === 'card' ? row.card.id : [])), [rows])
  const look = lookOf(column.name)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'lane' ? laneHeight : cardHeight),
    getItemKey: (index) => keyOf(rows[index]),
    overscan: 5,
    gap: 8,
    paddingEnd: 8,
  })

  const asked = useStore(wanted)
  useEffect(() => {
    if (asked === null) return
    const index = rows.findIndex((row) => row.kind === 'card' && row.card.id === asked.id)
    if (index < 0) return
    wanted.set(null)
    virtual.scrollToIndex(index, { align: 'auto' })
    scroller.current?.closest('section')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    // It is drawn with the next frame, and where it was measured anew with the one after.
    requestAnimationFrame(() => requestAnimationFrame(() => linkOf(asked.id)?.focus()))
  }, [asked, rows, virtual, scroller])

  return (
    <div
      ref={scroller}
      data-scroller
      // Something to scroll must be reachable by keyboard, whatever it holds.
      className="relative min-h-0 flex-1 overflow-y-auto overscroll-y-contain px-2 pt-0.5 outline-none"
    >
      {rows.length === 0 ? (
        <p className="px-2 py-6 text-center text-xs text-faint">
          {isFiltered ? 'Nothing here matches the filter.' : look.empty}
        </p>
      ) : (
        <ul aria-label={look.name} className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]
            if (row === undefined) return null
            return (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${item.start}px)` }}
                {...(row.kind === 'card'
                  ? { 'aria-setsize': ids.length, 'aria-posinset': row.at + 1 }
                  : {})}
              >
                {row.kind === 'lane' ? (
                  <Lane row={row} />
                ) : (
                  <Boundary
                    fallback={(_error, again) => <BrokenCard id={row.card.id} again={again} />}
                  >
                    <Card card={row.card} column={ids} isEntry={isEntry && row.at === 0} />
                  </Boundary>
                )}
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
}

function keyOf(row: Row | undefined): string {
  if (row === undefined) return ''
  return row.kind === 'card' ? row.card.id : `lane ${row.assignee}`
}

function Lane({ row }: { readonly row: Row & { kind: 'lane' } }) {
  return (
    <h3 className="flex h-7 items-center gap-2 px-1 text-xs font-medium text-soft">
      {row.assignee !== null && <Monogram name={row.assignee} />}
      <span className="truncate">{row.assignee === null ? 'Nobody' : line(row.assignee)}</span>
      <span className="tabular text-faint">{row.size}</span>
    </h3>
  )
}
