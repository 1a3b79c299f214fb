import { Menu as Base } from '@base-ui/react/menu'
import { useQueryClient } from '@tanstack/react-query'
import { Copy, Link, PanelRight, Play, SquareCheck, UserRound } from 'lucide-react'
import { linkOf } from '../board/focus.ts'
import { cardsOf } from '../board/use-board.ts'
import { takenAlong } from '../drag/draggable-card.ts'
import { copy } from '../lib/copy.ts'
import { useStore } from '../lib/store.ts'
import { waysFrom } from '../moves/goals.ts'
import { wish } from '../moves/move.ts'
import { runNow } from '../moves/run-now.ts'
import { askAssignee } from '../selection/assign-store.ts'
import { toggle } from '../selection/selection.ts'
import { Mark } from '../status/mark.tsx'
import { MenuItem, MenuLine } from '../ui/menu.tsx'
import { goTo, hrefTo, usePlace } from '../url/place-store.ts'
import { cardMenu } from './menu-store.ts'

export function CardMenu() {
  const open = useStore(cardMenu)
  const client = useQueryClient()
  const { board } = usePlace()
  const [card] = open === null ? [] : cardsOf(client, [open.id])
  const close = () => cardMenu.set(null)
  if (open === null || card === undefined) return null
  const { id } = card
  const { x, y } = open.at
  return (
    <Base.Root open onOpenChange={(next) => next || close()} modal={false}>
      <Base.Portal>
        <Base.Positioner
          anchor={{ getBoundingClientRect: () => new DOMRect(x, y, 0, 0) }}
          align="start"
          sideOffset={2}
          className="z-50"
        >
          <Base.Popup
            aria-label={`What can be done with ${id}`}
            finalFocus={() => linkOf(id) ?? true}
            className="min-w-52 rounded-lg bg-raised p-1 text-sm shadow-float outline-none"
          >
            <MenuItem icon={PanelRight} shortcut="Enter" onPick={() => goTo({ task: id })}>
              Open
            </MenuItem>
            {card.status === 'ready' && (
              <MenuItem icon={Play} onPick={() => void runNow(client, board, card)}>
                Run now
              </MenuItem>
            )}
            <MenuLine />
            {waysFrom(card.status).map(({ goal, name }) => (
              <MenuItem
                key={goal}
                mark={<Mark status={goal} still />}
                onPick={() => wish(client, { board, cards: cardsOf(client, takenAlong(id)), goal })}
              >
                {name}
              </MenuItem>
            ))}
            <MenuLine />
            <MenuItem icon={UserRound} onPick={() => askAssignee(takenAlong(id))}>
              Assign to…
            </MenuItem>
            <MenuItem icon={SquareCheck} shortcut="x" onPick={() => toggle(id)}>
              Select
            </MenuItem>
            <MenuItem icon={Copy} onPick={() => copy(id)}>
              Copy id
            </MenuItem>
            <MenuItem
              icon={Link}
              onPick={() => copy(new URL(hrefTo({ task: id }), location.href).href)}
            >
              Copy link
            </MenuItem>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
