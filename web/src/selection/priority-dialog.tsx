import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Card } from '../../../src/http/types.ts'
import { useStore } from '../lib/store.ts'
import { count } from '../lib/text.ts'
import { change } from '../moves/move.ts'
import { Button } from '../ui/button.tsx'
import { Actions, Dialog } from '../ui/dialog.tsx'
import { Field, Input } from '../ui/field.tsx'
import { usePlace } from '../url/place-store.ts'
import { ranking } from './rank-store.ts'

export function PriorityDialog() {
  const cards = useStore(ranking)
  const close = () => ranking.set(null)
  return (
    <Dialog
      open={cards !== null}
      onClose={close}
      title={`Priority of ${count(cards?.length ?? 0, 'card')}`}
    >
      {cards && <Form cards={cards} onClose={close} />}
    </Dialog>
  )
}

interface FormProps {
  readonly cards: readonly Card[]
  readonly onClose: () => void
}

function Form({ cards, onClose }: FormProps) {
  const client = useQueryClient()
  const { board } = usePlace()
  const [typed, setTyped] = useState('0')
  const priority = Number(typed)

  function submit(event: FormEvent): void {
    event.preventDefault()
    onClose()
    void change(client, { board, cards }, 'Priority', { priority }, { priority })
  }

  return (
    <form onSubmit={submit}>
      <Field label="Priority" help="Larger numbers start first. 0 is usual.">
        {(id, help) => (
          <Input
            id={id}
            aria-describedby={help}
            type="number"
            step="1"
            required
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <Actions>
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button look="strong" type="submit" disabled={!Number.isInteger(priority)}>
          Set
        </Button>
      </Actions>
    </form>
  )
}
