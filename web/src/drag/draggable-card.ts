import { draggable } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter'
import { setCustomNativeDragPreview } from '@atlaskit/pragmatic-drag-and-drop/element/set-custom-native-drag-preview'
import { type RefObject, useEffect } from 'react'
import { selected } from '../selection/selection.ts'

/** What goes along: the whole selection, when the card is part of it. */
export function takenAlong(id: string): readonly string[] {
  const ids = selected()
  return ids.has(id) ? [...ids] : [id]
}

export function useDraggable(element: RefObject<HTMLElement | null>, id: string): void {
  useEffect(() => {
    if (element.current === null) return
    return draggable({
      element: element.current,
      getInitialData: () => ({ cards: takenAlong(id) }),
      onGenerateDragPreview({ nativeSetDragImage }) {
        const { length } = takenAlong(id)
        if (length < 2) return
        setCustomNativeDragPreview({
          nativeSetDragImage,
          render({ container }) {
            const badge = document.createElement('div')
            badge.className = 'rounded-md bg-ink px-3 py-1.5 text-sm font-medium text-inverse'
            badge.textContent = `${length} cards`
            container.append(badge)
          },
        })
      },
    })
  }, [element, id])
}

/** The cards that a drag of ours carries; undefined for one from elsewhere. */
export function cardsIn(data: Record<string | symbol, unknown>): readonly string[] | undefined {
  return Array.isArray(data.cards) ? (data.cards as string[]) : undefined
}
