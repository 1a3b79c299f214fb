import { useQueryClient } from '@tanstack/react-query'
import { Copy, Ellipsis, Link, X } from 'lucide-react'
import type { Card, Shown } from '../../../src/http/types.ts'
import { cx } from '../lib/classes.ts'
import { copy } from '../lib/copy.ts'
import { waysFrom } from '../moves/goals.ts'
import { wish } from '../moves/move.ts'
import { runNow } from '../moves/run-now.ts'
import { Mark } from '../status/mark.tsx'
import { lookOf } from '../status/statuses.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { goTo, hrefTo, usePlace } from '../url/place-store.ts'

/** How many ways out of its status stand beside it; on a phone the first alone. */
const beside = 3

/** Its status and what fits it; the way out. */
export function DrawerHead({ task }: { readonly task: Shown['task'] }) {
  const client = useQueryClient()
  const { board } = usePlace()
  // A card without what stands around it: a move needs no more.
  const card = task as unknown as Card
  const { id, status } = task
  const ways = waysFrom(status).map(({ goal, name }) => ({
    ...{ goal, name },
    go: () => wish(client, { board, cards: [card], goal }),
  }))
  return (
    <div className="flex shrink-0 items-center gap-2 px-5 pt-3 pb-2 max-sm:px-4">
      <span
        className="mr-1.5 flex h-7 shrink-0 items-center gap-1.5 font-medium"
        data-status={status}
      >
        <Mark status={status} />
        {lookOf(status).name}
      </span>
      {status === 'ready' && (
        <Button onClick={() => void runNow(client, board, card)}>Run now</Button>
      )}
      {ways.slice(0, beside).map(({ goal, name, go }, index) => (
        <Button
          key={goal}
          onClick={go}
          className={cx((index > 0 || status === 'ready') && 'max-sm:hidden')}
        >
          {name}
        </Button>
      ))}
      <Menu trigger={<IconButton icon={Ellipsis} label={`What can be done with ${id}`} />}>
        {ways.map(({ goal, name, go }) => (
          <MenuItem key={goal} mark={<Mark status={goal} still />} onPick={go}>
            {name}
          </MenuItem>
        ))}
        {ways.length > 0 && <MenuLine />}
        <MenuItem icon={Copy} onPick={() => void copy(id)}>
          Copy the id
        </MenuItem>
        <MenuItem
          icon={Link}
          onPick={() => void copy(new URL(hrefTo({ task: id }), location.href).href)}
        >
          Copy a link
        </MenuItem>
      </Menu>
      <span className="flex-1" />
      <span className="font-mono text-xs text-faint max-sm:hidden">{id}</span>
      <IconButton icon={X} label="Close" shortcut="Esc" onClick={() => goTo({ task: null })} />
    </div>
  )
}
