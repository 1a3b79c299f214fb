import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element'
import { useEffect, useRef } from 'react'
import { useDrops } from '../drag/use-drops.ts'
import { useTouch } from '../drag/use-touch.ts'
import { useView } from '../url/view.ts'
import { Column } from './column.tsx'
import { ColumnIndex } from './column-index.tsx'
import type { Column as Data } from './columns.ts'
import { useBoardKeys } from './keys.ts'

interface BoardProps {
  readonly columns: readonly Data[]
  readonly lanes: boolean
  readonly isFiltered: boolean
}

/** The columns, side by side in one row however many there are. */
export function Board({ columns, lanes, isFiltered }: BoardProps) {
  const element = useRef<HTMLDivElement>(null)
  useDrops()
  useTouch(element)
  useBoardKeys(columns, lanes)

  useEffect(() => {
    if (element.current === null) return
    return autoScrollForElements({ element: element.current })
  }, [])

  const { q, tenant, assignee, attention } = useView()
  // What another filter finds begins at the top.
  useEffect(() => {
    for (const list of element.current?.querySelectorAll('[data-scroller]') ?? [])
      list.scrollTop = 0
  }, [q, tenant, assignee, attention])

  const entry = columns.find(({ cards }) => cards.length > 0)?.name
  return (
    <>
      <ColumnIndex columns={columns} />
      <div
        ref={element}
        className="flex min-h-0 flex-1 snap-x snap-proximity scroll-px-3 gap-2 overflow-x-auto overflow-y-hidden px-3 pb-3 [-webkit-overflow-scrolling:touch]"
      >
        {columns.map((column) => (
          <Column
            key={column.name}
            column={column}
            lanes={lanes}
            isEntry={column.name === entry}
            isFiltered={isFiltered}
          />
        ))}
      </div>
    </>
  )
}
