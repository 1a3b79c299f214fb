import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { takesCards } from '../board/takes-cards.ts'
import { cardsOf } from '../board/use-board.ts'
import { wish } from '../moves/move.ts'
import { currentPlace } from '../url/place-store.ts'
import { cardsIn } from './draggable-card.ts'
import { dragging } from './dragging.ts'

/** Turns what is dropped on a column into a move. */
export function useDrops(): void {
  const client = useQueryClient()
  useEffect(
    () =>
      monitorForElements({
        canMonitor: ({ source }) => cardsIn(source.data) !== undefined,
        onDragStart({ source }) {
          dragging.set({ ids: cardsIn(source.data) ?? [], by: 'pointer', over: null })
        },
        onDropTargetChange({ location, source }) {
          const over = columnOf(location.current.dropTargets)
          dragging.set({ ids: cardsIn(source.data) ?? [], by: 'pointer', over })
        },
        onDrop({ location, source }) {
          dragging.set(null)
          const column = columnOf(location.current.dropTargets)
          if (column === null || !takesCards(column)) return
          const cards = cardsOf(client, cardsIn(source.data) ?? [])
          wish(client, { board: currentPlace().board, cards, goal: column })
        },
      }),
    [client],
  )
}

function columnOf(targets: readonly { readonly data: Record<string | symbol, unknown> }[]) {
  const column = targets[0]?.data.column
  return typeof column === 'string' ? column : null
}
