import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useAssignees } from '../api/around.ts'
import { cardsOf } from '../board/use-board.ts'
import { useStore } from '../lib/store.ts'
import { count } from '../lib/text.ts'
import { change } from '../moves/move.ts'
import { Button } from '../ui/button.tsx'
import { Actions, Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Suggest } from '../ui/suggest.tsx'
import { usePlace } from '../url/place-store.ts'
import { assigning } from './assign-store.ts'

export function AssignDialog() {
  const ids = useStore(assigning)
  const close = () => assigning.set(null)
  return (
    <Dialog
      open={ids !== null}
      onClose={close}
      title={`Assign ${ids?.length === 1 ? ids[0] : count(ids?.length ?? 0, 'card')}`}
    >
      {ids && <Form ids={ids} onClose={close} />}
    </Dialog>
  )
}

function Form({ ids, onClose }: { readonly ids: readonly string[]; readonly onClose: () => void }) {
  const client = useQueryClient()
  const { board } = usePlace()
  const { data: known = [] } = useAssignees(board)
  const cards = cardsOf(client, ids)
  const running = cards.filter(({ status }) => status === 'running').length
  const [name, setName] = useState(cards.length === 1 ? (cards[0]?.assignee ?? '') : '')
  const [takeBack, setTakeBack] = useState(false)

  function assign(to: string): void {
    onClose()
    const wanted = { assignee: to, ...(takeBack ? { reclaim_first: true } : {}) }
    const looks = { assignee: to === '' ? null : to.toLowerCase() }
    void change(client, { board, cards }, 'Assign', wanted, looks)
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    assign(name.trim())
  }

  return (
    <form onSubmit={submit} className="grid gap-3">
      <Field
        label="To"
        help="A profile of this machine is started by the dispatcher. Any other name is a lane that somebody pulls from by hand."
      >
        {(id, help) => (
          <Suggest
            id={id}
            describedBy={help}
            value={name}
            onChange={setName}
            suggestions={suggestionsOf(known)}
          />
        )}
      </Field>
      {running > 0 && (
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            className="size-3.5 accent-act"
            checked={takeBack}
            onChange={(event) => setTakeBack(event.target.checked)}
          />
          Take {count(running, 'running card')} back from its worker first
        </label>
      )}
      <Actions>
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={() => assign('')}>To nobody</Button>
        <Button look="strong" type="submit" disabled={name.trim() === ''}>
          Assign
        </Button>
      </Actions>
    </form>
  )
}

export function suggestionsOf(
  known: readonly { readonly name: string; readonly on_disk: boolean }[],
) {
  return known.map(({ name, on_disk }) => ({ value: name, note: on_disk ? 'profile' : 'by hand' }))
}
