import { useQueryClient } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { Neighbour, Shown } from '../../../src/http/types.ts'
import { call, wordsOf } from '../api/client.ts'
import { keys } from '../api/keys.ts'
import { refreshBoard } from '../api/live.ts'
import { startCreating } from '../create/create-store.ts'
import { line } from '../lib/text.ts'
import { Mark } from '../status/mark.tsx'
import { Button } from '../ui/button.tsx'
import { Refusal } from '../ui/field.tsx'
import { PickTask } from '../ui/pick-task.tsx'
import { goTo, usePlace } from '../url/place-store.ts'
import { Section } from './section.tsx'

type Side = 'parents' | 'children'

const names: Record<Side, string> = { parents: 'Waits for', children: 'Holds back' }

export function Dependencies({ shown }: { readonly shown: Shown }) {
  const { id } = shown.task
  const [refusal, setRefusal] = useState('')
  const link = useLinks(id, setRefusal)
  return (
    <Section
      title="Dependencies"
      action={
        <Button
          look="quiet"
          icon={Plus}
          className="h-6"
          onClick={() => startCreating({ status: 'todo', parents: [id] })}
        >
          Follow-up
        </Button>
      }
    >
      <div className="grid gap-3">
        {(['parents', 'children'] as const).map((side) => (
          <Chips
            key={side}
            name={names[side]}
            tasks={shown[side]}
            own={id}
            onAdd={(other) => link('POST', side, other)}
            onRemove={(other) => link('DELETE', side, other)}
          />
        ))}
      </div>
      <Refusal>{refusal}</Refusal>
    </Section>
  )
}

/** Adds and removes links of a task; a cycle is refused in the server's words. */
function useLinks(id: string, tell: (refusal: string) => void) {
  const client = useQueryClient()
  const { board } = usePlace()
  return async (method: 'POST' | 'DELETE', side: Side, other: string): Promise<void> => {
    const pair =
      side === 'parents' ? { parent_id: other, child_id: id } : { parent_id: id, child_id: other }
    tell('')
    try {
      if (method === 'POST') await call('/links', { method, query: { board }, body: pair })
      else await call('/links', { method, query: { board, ...pair } })
    } catch (error) {
      tell(wordsOf(error))
    }
    await Promise.all([
      client.invalidateQueries({ queryKey: keys.task(board, id) }),
      refreshBoard(client, board),
    ])
  }
}

interface ChipsProps {
  readonly name: string
  readonly tasks: readonly Neighbour[]
  readonly own: string
  readonly onAdd: (id: string) => Promise<void>
  readonly onRemove: (id: string) => Promise<void>
}

const most = 20

function Chips({ name, tasks, own, onAdd, onRemove }: ChipsProps) {
  const [isAdding, setAdding] = useState(false)
  const [isWhole, setWhole] = useState(false)
  const seen = isWhole ? tasks : tasks.slice(0, most)
  return (
    <div>
      <p className="mb-1 flex items-center gap-2 text-soft">
        {name}
        <span className="tabular text-xs text-faint">{tasks.length || 'nothing'}</span>
        <button
          type="button"
          aria-label={`${name}: add a task`}
          aria-expanded={isAdding}
          className="grid size-6 place-items-center rounded-sm text-faint hover:bg-hover hover:text-ink"
          onClick={() => setAdding(!isAdding)}
        >
          <Plus size={13} aria-hidden />
        </button>
      </p>
      {seen.length > 0 && (
        <ul className="flex flex-wrap gap-1.5" aria-label={name}>
          {seen.map((task) => (
            <li
              key={task.id}
              className="flex h-7 max-w-full items-center rounded-sm border border-line hover:border-edge"
            >
              <button
                type="button"
                title={line(task.title)}
                className="flex min-w-0 items-center gap-1.5 pl-2"
                onClick={() => goTo({ task: task.id })}
              >
                <Mark status={task.status} still />
                <span className="foreign max-w-60 truncate">{line(task.title)}</span>
              </button>
              <button
                type="button"
                aria-label={`${name}: no longer ${task.id}`}
                className="grid size-7 shrink-0 place-items-center text-faint hover:text-ink"
                onClick={() => void onRemove(task.id)}
              >
                <X size={13} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      {tasks.length > seen.length && (
        <Button look="quiet" className="mt-1" onClick={() => setWhole(true)}>
          Show {tasks.length - seen.length} more
        </Button>
      )}
      {isAdding && (
        <div className="mt-2">
          <PickTask
            label={`${name}: search a task`}
            without={[own, ...tasks.map(({ id }) => id)]}
            onPick={(card) => {
              setAdding(false)
              void onAdd(card.id)
            }}
          />
        </div>
      )}
    </div>
  )
}
