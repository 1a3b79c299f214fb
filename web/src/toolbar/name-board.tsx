import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { BoardAnswer, Boards } from '../../../src/http/types.ts'
import { call, wordsOf } from '../api/client.ts'
import { keys } from '../api/keys.ts'
import { useStore } from '../lib/store.ts'
import { Button } from '../ui/button.tsx'
import { Actions, Dialog } from '../ui/dialog.tsx'
import { Field, Input, Refusal } from '../ui/field.tsx'
import { goTo } from '../url/place-store.ts'
import { boardDialog } from './board-dialogs.ts'

export function NameBoard() {
  const asked = useStore(boardDialog)
  const board = asked?.does === 'rename' ? asked.board : undefined
  const close = () => boardDialog.set(null)
  return (
    <Dialog
      open={asked?.does === 'create' || board !== undefined}
      onClose={close}
      title={board === undefined ? 'New board' : `Rename ${board.slug}`}
    >
      <Form board={board} onClose={close} />
    </Dialog>
  )
}

interface FormProps {
  /** The one to rename; a new one without it. */
  readonly board: Boards['boards'][number] | undefined
  readonly onClose: () => void
}

function Form({ board, onClose }: FormProps) {
  const client = useQueryClient()
  const [name, setName] = useState(board?.name ?? '')
  const [typedSlug, setSlug] = useState<string>()
  const [refusal, setRefusal] = useState('')
  const slug = typedSlug ?? slugOf(name)

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    try {
      const { board: made } =
        board === undefined
          ? await call<BoardAnswer>('/boards', { method: 'POST', body: { slug, name } })
          : await call<BoardAnswer>(`/boards/${board.slug}`, { method: 'PATCH', body: { name } })
      await client.invalidateQueries({ queryKey: keys.boards() })
      onClose()
      if (board === undefined) goTo({ board: made.slug, task: null })
    } catch (error) {
      setRefusal(wordsOf(error))
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-3">
      <Field label="Name">
        {(id) => (
          <Input id={id} required value={name} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      {board === undefined && (
        <Field label="Short name" help="For addresses and commands. It stays.">
          {(id, help) => (
            <Input
              id={id}
              aria-describedby={help}
              required
              value={slug}
              className="font-mono"
              onChange={(event) => setSlug(event.target.value)}
            />
          )}
        </Field>
      )}
      <Refusal>{refusal}</Refusal>
      <Actions>
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button look="strong" type="submit" disabled={name.trim() === ''}>
          {board === undefined ? 'Create' : 'Rename'}
        </Button>
      </Actions>
    </form>
  )
}

/** What the server would take, made of what somebody types. */
function slugOf(name: string): string {
  const ascii = name.normalize('NFKD').replace(/[\u0300-\u036f]/g, '')
  return ascii
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
}
