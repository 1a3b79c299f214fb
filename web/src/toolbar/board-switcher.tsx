import { Archive, ChevronDown, Pencil, Plus, Terminal } from 'lucide-react'
import { useState } from 'react'
import type { Boards } from '../../../src/http/types.ts'
import { useBoards } from '../api/around.ts'
import { useBoard } from '../board/use-board.ts'
import { useShortcuts } from '../keyboard/shortcuts.ts'
import { line } from '../lib/text.ts'
import { clearSelection } from '../selection/selection.ts'
import { Menu, MenuGroup, MenuItem, MenuLine } from '../ui/menu.tsx'
import { goTo } from '../url/place-store.ts'
import { boardDialog } from './board-dialogs.ts'
import { useMakeCurrent } from './use-make-current.ts'

type Listed = Boards['boards'][number]

export function BoardSwitcher() {
  const [isOpen, setOpen] = useState(false)
  const { data: board } = useBoard()
  const { data } = useBoards()
  const makeCurrent = useMakeCurrent()
  const boards = data?.boards ?? []
  const slug = board?.board
  const shown = boards.find((one) => one.slug === slug)

  useShortcuts({
    b: () => {
      setOpen(true)
      return true
    },
  })

  return (
    <Menu
      open={isOpen}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          className="flex h-7 min-w-0 items-center gap-2 rounded-md px-1.5 font-semibold hover:bg-hover pointer-coarse:h-10"
        >
          <Sign />
          <span className="max-w-48 truncate">
            <span className="sr-only">Board: </span>
            {nameOf(shown, slug)}
          </span>
          <ChevronDown size={14} aria-hidden className="text-faint" />
        </button>
      }
    >
      <MenuGroup label="Boards">
        {boards.map((one) => (
          <MenuItem
            key={one.slug}
            mark={<Dot on={one.slug === slug} />}
            onPick={() => {
              clearSelection()
              goTo({ board: one.slug, task: null, tenant: null, assignee: '', q: '' })
            }}
          >
            {nameOf(one, one.slug)}
            <span className="ml-2 text-xs text-faint">{countOf(one)}</span>
          </MenuItem>
        ))}
      </MenuGroup>
      <MenuLine />
      <MenuItem icon={Plus} onPick={() => boardDialog.set({ does: 'create' })}>
        New board…
      </MenuItem>
      <MenuItem
        icon={Pencil}
        disabled={shown === undefined}
        onPick={() => shown && boardDialog.set({ does: 'rename', board: shown })}
      >
        Rename this board…
      </MenuItem>
      {shown?.current === false && (
        <MenuItem icon={Terminal} onPick={() => void makeCurrent(shown.slug)}>
          Make it the command line’s
        </MenuItem>
      )}
      <MenuItem
        icon={Archive}
        danger
        disabled={slug === 'default' || shown === undefined}
        onPick={() => shown && boardDialog.set({ does: 'archive', board: shown })}
      >
        Archive this board…
      </MenuItem>
    </Menu>
  )
}

export function nameOf(board: Listed | undefined, slug = ''): string {
  return line(board?.name || slug) || 'Board'
}

function countOf({ by_status }: Listed): string {
  if (by_status === null) return 'cannot be opened'
  const { done: _done, archived: _archived, ...open } = by_status
  return `${Object.values(open).reduce((sum, count) => sum + count, 0)} open`
}

function Dot({ on }: { readonly on: boolean }) {
  return (
    <span aria-hidden className="grid w-3.5 shrink-0 place-items-center">
      <span className={`size-1.5 rounded-full ${on ? 'bg-ink' : 'bg-edge'}`} />
    </span>
  )
}

/** The sign of the project: three columns. */
function Sign() {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="currentColor">
      <path d="M2 2h3v12H2zM6.5 2h3v7h-3zM11 2h3v9.5h-3z" />
    </svg>
  )
}
