import { useQueryClient } from '@tanstack/react-query'
import { openMenu } from '../card/menu-store.ts'
import { carry } from '../drag/carry.ts'
import { isControl, useShortcuts } from '../keyboard/shortcuts.ts'
import { clearSelection, extendTo, selected, toggle } from '../selection/selection.ts'
import { currentPlace, goTo } from '../url/place-store.ts'
import { type Column, rowsOf } from './columns.ts'
import { bringFocusTo, focusedCard, linkOf } from './focus.ts'

/** The keys that walk over the board and act on a card. */
export function useBoardKeys(columns: readonly Column[], lanes: boolean): void {
  const client = useQueryClient()
  const grid = () => columns.map((column) => idsOf(column, lanes))

  /** Where the keyboard is; undefined when it has been on no card that is still there. */
  function here() {
    const id = focusedCard()
    if (id === null) return undefined
    const all = grid()
    const x = all.findIndex((ids) => ids.includes(id))
    const column = all[x]
    return column === undefined ? undefined : { id, x, y: column.indexOf(id), column, all }
  }

  function go(id: string | undefined): true {
    if (id === undefined) return true
    bringFocusTo(id)
    // Whoever walks with a task open sees each one that they come to.
    if (currentPlace().task !== null) goTo({ task: id })
    return true
  }

  function enter(): true {
    return go(grid().find((ids) => ids.length > 0)?.[0])
  }

  function step(by: 1 | -1): true {
    const at = here()
    return at === undefined ? enter() : go(at.column[at.y + by])
  }

  function aside(by: 1 | -1): true {
    if (carry.isOn()) return carry.turn(by)
    const at = here()
    if (at === undefined) return enter()
    for (let x = at.x + by; x in at.all; x += by) {
      const ids = at.all[x] ?? []
      if (ids.length > 0) return go(ids[Math.min(at.y, ids.length - 1)])
    }
    return true
  }

  function stretch(by: 1 | -1): true {
    const at = here()
    const next = at?.column[at.y + by]
    if (at === undefined || next === undefined) return true
    if (!selected().has(at.id)) toggle(at.id)
    extendTo(next, at.column)
    return go(next)
  }

  const onCard = (act: (id: string) => void) => () => {
    const at = here()
    if (at === undefined) return undefined
    act(at.id)
    return true
  }

  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    ArrowRight: () => aside(1),
    ArrowLeft: () => aside(-1),
    'Shift+ArrowDown': () => stretch(1),
    'Shift+ArrowUp': () => stretch(-1),
    ']': () => step(1),
    '[': () => step(-1),
    x: onCard(toggle),
    m: onCard((id) => {
      const box = linkOf(id)?.getBoundingClientRect()
      openMenu(id, { x: box?.left ?? 0, y: box?.bottom ?? 0 })
    }),
    Enter: (event) => {
      if (carry.isOn()) return carry.drop(client)
      if (isControl(event.target)) return undefined
      return onCard((id) => goTo({ task: id }))()
    },
    ' ': (event) => {
      if (carry.isOn()) return carry.drop(client)
      const isOnCard = event.target instanceof Element && event.target.closest('[data-card] a')
      return isOnCard ? onCard((id) => carry.lift(client, id))() : undefined
    },
    Escape: () => {
      if (carry.isOn()) return carry.letGo()
      // The drawer closes itself.
      if (currentPlace().task !== null || selected().size === 0) return undefined
      clearSelection()
      return true
    },
  })
}

function idsOf(column: Column, lanes: boolean): readonly string[] {
  return rowsOf(column, lanes).flatMap((row) => (row.kind === 'card' ? row.card.id : []))
}
