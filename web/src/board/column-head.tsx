import { Ellipsis, Plus } from 'lucide-react'
import { startCreating } from '../create/create-store.ts'
import { toggleAll } from '../selection/selection.ts'
import { Mark } from '../status/mark.tsx'
import { isStatus, lookOf } from '../status/statuses.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import type { Column } from './columns.ts'

export function ColumnHead({ column }: { readonly column: Column }) {
  const { name, cards, hidden } = column
  const look = lookOf(name)
  return (
    <header className="shrink-0 px-3 pt-2.5 pb-2">
      <div className="flex h-6 items-center gap-2">
        <Mark status={name} still={cards.length === 0} />
        <h2 id={`column-${name}`} className="truncate font-semibold">
          {look.name}
        </h2>
        <span className="tabular text-faint" data-count={cards.length}>
          {cards.length.toLocaleString()}
          {hidden > 0 && (
            <span title={`${hidden} more are hidden by the filter`}>
              {' '}
              / {(cards.length + hidden).toLocaleString()}
            </span>
          )}
          <span className="sr-only"> cards</span>
        </span>
        <span className="flex-1" />
        <span className="-mr-1.5 flex">
          {isStatus(name) && name !== 'archived' && (
            <IconButton
              icon={Plus}
              label={`New task in ${look.name}`}
              onClick={() => startCreating({ status: name })}
            />
          )}
          <Menu
            align="end"
            trigger={<IconButton icon={Ellipsis} label={`What can be done with ${look.name}`} />}
          >
            <MenuItem
              disabled={cards.length === 0}
              onPick={() => toggleAll(cards.map(({ id }) => id))}
            >
              Select all in {look.name}
            </MenuItem>
          </Menu>
        </span>
      </div>
      <p className="truncate text-xs text-faint">{look.meaning}</p>
    </header>
  )
}
