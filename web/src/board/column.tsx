import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter'
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element'
import { memo, useEffect, useRef } from 'react'
import { cardsIn } from '../drag/draggable-card.ts'
import { dragging } from '../drag/dragging.ts'
import { cx } from '../lib/classes.ts'
import { useStore, useStorePart } from '../lib/store.ts'
import { Cards } from './cards.tsx'
import { ColumnHead } from './column-head.tsx'
import type { Column as Data } from './columns.ts'
import { takesCards } from './takes-cards.ts'

interface ColumnProps {
  readonly column: Data
  readonly lanes: boolean
  readonly isEntry: boolean
  readonly isFiltered: boolean
}

export const Column = memo(function Column({ column, lanes, isEntry, isFiltered }: ColumnProps) {
  const { name } = column
  const element = useRef<HTMLElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const isOver = useStorePart(dragging, (drag) => drag?.over === name)

  useEffect(() => {
    if (element.current === null || scroller.current === null) return
    return combine(
      dropTargetForElements({
        element: element.current,
        canDrop: ({ source }) => takesCards(name) && cardsIn(source.data) !== undefined,
        getData: () => ({ column: name }),
      }),
      autoScrollForElements({ element: scroller.current }),
    )
  }, [name])

  return (
    <section
      ref={element}
      aria-labelledby={`column-${name}`}
      data-column={name}
      className={cx(
        'relative flex min-h-0 w-[min(86vw,20rem)] shrink-0 snap-start flex-col rounded-lg bg-sunken sm:w-auto sm:min-w-50 sm:flex-1 sm:basis-64 sm:max-w-120',
        isOver && 'outline-2 -outline-offset-2 outline-act',
      )}
    >
      <ColumnHead column={column} />
      <Cards
        column={column}
        lanes={lanes}
        isEntry={isEntry}
        isFiltered={isFiltered}
        scroller={scroller}
      />
      {name === 'running' && <NoDrop />}
    </section>
  )
})

/** While a card is carried about: why it cannot be put down here. */
function NoDrop() {
  const drag = useStore(dragging)
  if (drag === null) return null
  return (
    <p className="absolute inset-x-2 bottom-2 rounded-md bg-ink px-3 py-2 text-center text-xs text-inverse">
      Only a worker’s claim moves a card here. A ready card has “Run now” in its menu.
    </p>
  )
}
