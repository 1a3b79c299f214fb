import { useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import type { Card } from '../../../src/http/types.ts'
import type { Goal } from '../moves/goals.ts'
import { wish } from '../moves/move.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { usePlace } from '../url/place-store.ts'
import { askAssignee } from './assign-store.ts'
import { ranking } from './rank-store.ts'
import { clearSelection, useSelection } from './selection.ts'

/** What can be done with all selected cards at once. */
export function BulkBar({ cards }: { readonly cards: ReadonlyMap<string, Card> }) {
  const client = useQueryClient()
  const { board } = usePlace()
  const ids = useSelection()
  const chosen = [...ids].flatMap((id) => cards.get(id) ?? [])
  if (chosen.length === 0) return null

  const blocked = chosen.filter(({ status }) => status === 'blocked')
  const to =
    (goal: Goal, which = chosen) =>
    () =>
      wish(client, { board, cards: which, goal })

  return (
    <section
      aria-label="Selection"
      data-stays
      className="pointer-events-none fixed inset-x-0 bottom-4 z-30 flex justify-center px-2"
    >
      <div
        role="toolbar"
        aria-label="Selected cards"
        className="pointer-events-auto flex max-w-full items-center gap-1.5 overflow-x-auto rounded-lg bg-raised p-1.5 shadow-float"
      >
        <span className="tabular px-2 font-medium whitespace-nowrap">{chosen.length} selected</span>
        <Button onClick={to('ready')}>Ready</Button>
        <Button onClick={to('done')}>Complete</Button>
        <Button onClick={to('blocked')}>Block</Button>
        <Button disabled={blocked.length === 0} onClick={to('ready', blocked)}>
          Unblock
        </Button>
        <Button onClick={() => askAssignee([...ids])}>Assign</Button>
        <Button onClick={() => ranking.set(chosen)}>Priority</Button>
        <Button onClick={to('archived')}>Archive</Button>
        <IconButton icon={X} label="Clear the selection" shortcut="Esc" onClick={clearSelection} />
      </div>
    </section>
  )
}
