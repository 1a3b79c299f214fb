import type { QueryClient } from '@tanstack/react-query'
import { takesCards } from '../board/takes-cards.ts'
import { cardsOf } from '../board/use-board.ts'
import { announce } from '../keyboard/announce.tsx'
import { count, line } from '../lib/text.ts'
import { wish } from '../moves/move.ts'
import { lookOf } from '../status/statuses.ts'
import { currentPlace } from '../url/place-store.ts'
import { takenAlong } from './draggable-card.ts'
import { dragging } from './dragging.ts'

/** Drag and drop for the keyboard: lift, choose a column, drop or let go. Each step is said aloud. */
export const carry = {
  isOn: () => dragging.get()?.by === 'keyboard',

  lift(client: QueryClient, id: string): void {
    const ids = takenAlong(id)
    const cards = cardsOf(client, ids)
    const [card] = cards
    if (card === undefined) return
    dragging.set({ ids, by: 'keyboard', over: card.status })
    const what = cards.length === 1 ? line(card.title) : count(cards.length, 'card')
    announce(`Picked up ${what}. Left and right choose a column, Space drops, Escape lets go.`)
  },

  /** The next column on that side that takes cards. */
  turn(by: 1 | -1): true {
    const drag = dragging.get()
    if (drag === null) return true
    const columns = [...document.querySelectorAll<HTMLElement>('[data-column]')]
    const names = columns.map(({ dataset }) => dataset.column ?? '')
    let at = names.indexOf(drag.over ?? '') + by
    while (at in names && !takesCards(names[at] ?? '')) at += by
    const over = names[at]
    if (over === undefined) return true
    dragging.set({ ...drag, over })
    columns[at]?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    announce(`Over ${lookOf(over).name}.`)
    return true
  },

  drop(client: QueryClient): true {
    const drag = dragging.get()
    dragging.set(null)
    if (drag === null || drag.over === null || !takesCards(drag.over)) return true
    announce(`Dropped on ${lookOf(drag.over).name}.`)
    const cards = cardsOf(client, drag.ids)
    wish(client, { board: currentPlace().board, cards, goal: drag.over })
    return true
  },

  letGo(): true {
    dragging.set(null)
    announce('Let go. Nothing was moved.')
    return true
  },
}
