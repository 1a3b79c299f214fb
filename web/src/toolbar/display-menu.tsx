import { useQueryClient } from '@tanstack/react-query'
import { Columns3, FastForward, SlidersHorizontal, Workflow } from 'lucide-react'
import { useStore } from '../lib/store.ts'
import { nudge } from '../moves/run-now.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuCheck, MenuGroup, MenuItem, MenuLine } from '../ui/menu.tsx'
import { adjust, goTo } from '../url/place-store.ts'
import { useView } from '../url/view.ts'
import { setTheme, type Theme, theme } from './theme.ts'

const themes: readonly (readonly [Theme, string])[] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
]

export function DisplayMenu() {
  const client = useQueryClient()
  const { board, view, archived, lanes, attention } = useView()
  const chosen = useStore(theme)
  const switchView = () => goTo({ view: view === 'board' ? 'graph' : 'board' })
  return (
    <Menu align="end" trigger={<IconButton icon={SlidersHorizontal} label="Display" />}>
      <div className="sm:hidden">
        <MenuItem icon={view === 'board' ? Workflow : Columns3} onPick={switchView}>
          {view === 'board' ? 'Graph' : 'Board'}
        </MenuItem>
        <MenuItem icon={FastForward} onPick={() => void nudge(client, board)}>
          Do a pass now
        </MenuItem>
        <MenuLine />
      </div>
      <MenuGroup label="Show">
        <MenuCheck checked={lanes} onChange={(on) => adjust({ lanes: on })}>
          Running by assignee
        </MenuCheck>
        <MenuCheck checked={archived} onChange={(on) => adjust({ archived: on })}>
          Archived tasks
        </MenuCheck>
        <MenuCheck checked={attention} onChange={(on) => adjust({ attention: on })}>
          Only what needs attention
        </MenuCheck>
      </MenuGroup>
      <MenuLine />
      <MenuGroup label="Theme">
        {themes.map(([name, word]) => (
          <MenuCheck key={name} checked={chosen === name} onChange={() => setTheme(name)}>
            {word}
          </MenuCheck>
        ))}
      </MenuGroup>
    </Menu>
  )
}
