import { useQueryClient } from '@tanstack/react-query'
import { CircleHelp, FastForward, Plus } from 'lucide-react'
import { useRef } from 'react'
import { startCreating } from '../create/create-store.ts'
import { showHelp } from '../keyboard/help-store.ts'
import { useShortcuts } from '../keyboard/shortcuts.ts'
import { nudge } from '../moves/run-now.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { goTo, usePlace } from '../url/place-store.ts'
import { BoardSwitcher } from './board-switcher.tsx'
import { DisplayMenu } from './display-menu.tsx'
import { Filters } from './filters.tsx'
import { LiveState } from './live-state.tsx'
import { Search } from './search.tsx'
import { ViewSwitch } from './view-switch.tsx'

export function Toolbar() {
  const client = useQueryClient()
  const { board, view } = usePlace()
  const search = useRef<HTMLInputElement>(null)

  useShortcuts({
    '/': () => {
      search.current?.focus()
      return true
    },
    c: () => {
      startCreating({})
      return true
    },
    g: () => {
      goTo({ view: view === 'board' ? 'graph' : 'board' })
      return true
    },
    n: () => {
      void nudge(client, board)
      return true
    },
    '?': () => {
      showHelp()
      return true
    },
  })

  return (
    <header className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-2 px-3 py-2.5">
      <BoardSwitcher />
      <LiveState />
      <span className="flex-1 md:hidden" />
      <div className="flex min-w-0 flex-1 items-center gap-2 max-md:order-last max-md:basis-full">
        <Search ref={search} />
        <Filters />
      </div>
      <span className="max-sm:hidden">
        <ViewSwitch />
      </span>
      <DisplayMenu />
      <IconButton
        icon={FastForward}
        label="Nudge: do a pass now"
        shortcut="n"
        className="max-sm:hidden"
        onClick={() => void nudge(client, board)}
      />
      <IconButton
        icon={CircleHelp}
        label="Keyboard"
        shortcut="?"
        className="max-sm:hidden"
        onClick={showHelp}
      />
      <Button look="strong" icon={Plus} onClick={() => startCreating({})}>
        <span className="max-sm:sr-only">New task</span>
      </Button>
    </header>
  )
}
