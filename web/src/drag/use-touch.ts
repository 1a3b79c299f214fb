import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { type RefObject, useEffect } from 'react'
import { takesCards } from '../board/takes-cards.ts'
import { cardsOf } from '../board/use-board.ts'
import { openMenu } from '../card/menu-store.ts'
import { line } from '../lib/text.ts'
import { wish } from '../moves/move.ts'
import { currentPlace } from '../url/place-store.ts'
import { scrollAtEdges } from './auto-scroll.ts'
import { takenAlong } from './draggable-card.ts'
import { dragging } from './dragging.ts'

const holdMs = 350
/** A finger that moves farther before that wants to scroll. */
const slack = 10

/**
 * Drag and drop by finger: hold, move, let go; held and let go at once it opens the card's menu.
 * The browsers' own drags, which the library uses, begin by touch on some systems and never on others.
 */
export function useTouch(board: RefObject<HTMLElement | null>): void {
  const client = useQueryClient()
  useEffect(() => {
    if (board.current === null) return
    return listen(board.current, client)
  }, [board, client])
}

interface Hold {
  readonly card: HTMLElement
  readonly id: string
  /** Where it began. */
  readonly x: number
  readonly y: number
  timer?: ReturnType<typeof setTimeout>
  ghost?: HTMLElement
  /** Ends the scrolling at the edges. */
  rest?: () => void
  at?: { readonly x: number; readonly y: number }
  hasMoved: boolean
}

function listen(board: HTMLElement, client: QueryClient): () => void {
  let hold: Hold | undefined

  function begin(event: TouchEvent): void {
    end()
    const [touch] = event.touches
    const card = (event.target as Element).closest<HTMLElement>('[data-card]')
    if (touch === undefined || event.touches.length > 1 || card === null) return
    const { clientX: x, clientY: y } = touch
    hold = { card, id: card.dataset.card ?? '', x, y, hasMoved: false }
    hold.timer = setTimeout(lift, holdMs)
  }

  function lift(): void {
    if (hold === undefined) return
    // Else the system begins a drag of its own beside this one.
    hold.card.draggable = false
    hold.ghost = ghostOf(client, takenAlong(hold.id))
    hold.at = hold
    place(hold.ghost, hold.x, hold.y)
    hold.rest = scrollAtEdges(board, () => hold?.at)
    navigator.vibrate?.(10)
    dragging.set({ ids: takenAlong(hold.id), by: 'touch', over: null })
  }

  function move(event: TouchEvent): void {
    const [touch] = event.touches
    if (hold === undefined || touch === undefined) return
    const { clientX: x, clientY: y } = touch
    const isFar = Math.hypot(x - hold.x, y - hold.y) > slack
    if (hold.ghost === undefined) {
      if (isFar) end()
      return
    }
    event.preventDefault()
    hold.hasMoved ||= isFar
    hold.at = { x, y }
    place(hold.ghost, x, y)
    const over = columnAt(x, y)
    const drag = dragging.get()
    if (drag !== null && drag.over !== over) dragging.set({ ...drag, over })
  }

  function drop(event: TouchEvent): void {
    const held = hold
    const drag = dragging.get()
    end()
    if (held?.ghost === undefined || drag === null) return
    // Else the browser makes a click of it.
    event.preventDefault()
    if (!held.hasMoved) openMenu(held.id, held)
    else if (drag.over !== null && takesCards(drag.over)) {
      const cards = cardsOf(client, drag.ids)
      wish(client, { board: currentPlace().board, cards, goal: drag.over })
    }
  }

  function end(): void {
    if (hold === undefined) return
    clearTimeout(hold.timer)
    if (hold.ghost !== undefined) {
      hold.ghost.remove()
      hold.rest?.()
      hold.card.draggable = true
      dragging.set(null)
    }
    hold = undefined
  }

  const active = { passive: false }
  board.addEventListener('touchstart', begin, { passive: true })
  board.addEventListener('touchmove', move, active)
  board.addEventListener('touchend', drop, active)
  board.addEventListener('touchcancel', end)
  return () => {
    end()
    board.removeEventListener('touchstart', begin)
    board.removeEventListener('touchmove', move)
    board.removeEventListener('touchend', drop)
    board.removeEventListener('touchcancel', end)
  }
}

function columnAt(x: number, y: number): string | null {
  const column = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-column]')
  const name = column?.dataset.column
  return name !== undefined && takesCards(name) ? name : null
}

function ghostOf(client: QueryClient, ids: readonly string[]): HTMLElement {
  const ghost = document.createElement('div')
  ghost.className =
    'pointer-events-none fixed top-0 left-0 z-60 max-w-60 truncate rounded-md bg-ink px-3 py-2 text-sm font-medium text-inverse shadow-float'
  const [card] = cardsOf(client, ids)
  ghost.textContent = ids.length > 1 ? `${ids.length} cards` : line(card?.title ?? '')
  document.body.append(ghost)
  return ghost
}

/** Above the finger, which hides what is under it. */
function place(ghost: HTMLElement, x: number, y: number): void {
  ghost.style.transform = `translate(${x}px, ${y - 16}px) translate(-50%, -100%)`
}
