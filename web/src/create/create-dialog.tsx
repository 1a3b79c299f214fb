import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { useAssignees } from '../api/around.ts'
import { wordsOf } from '../api/client.ts'
import { useBoard } from '../board/use-board.ts'
import { useDraft } from '../lib/draft.ts'
import { useStore } from '../lib/store.ts'
import { suggestionsOf } from '../selection/assign-dialog.tsx'
import { lookOf } from '../status/statuses.ts'
import { Button } from '../ui/button.tsx'
import { Actions, Dialog } from '../ui/dialog.tsx'
import { Field, Input, Refusal, TextArea } from '../ui/field.tsx'
import { Key } from '../ui/key.tsx'
import { Select } from '../ui/select.tsx'
import { Suggest } from '../ui/suggest.tsx'
import { usePlace } from '../url/place-store.ts'
import { creating, type Start } from './create-store.ts'
import { type Form, isWorthKeeping, readForm } from './form.ts'
import { MoreFields } from './more-fields.tsx'
import { Parents } from './parents.tsx'
import { follow, submit } from './submit.ts'

const columns = ['ready', 'todo', 'triage', 'running', 'blocked', 'done'] as const

export function CreateDialog() {
  const start = useStore(creating)
  return (
    <Dialog open={start !== null} onClose={() => creating.set(null)} title="New task" wide>
      {start && <Body start={start} />}
    </Dialog>
  )
}

function Body({ start }: { readonly start: Start }) {
  const client = useQueryClient()
  const { board } = usePlace()
  const { data: known = [] } = useAssignees(board)
  const tenants = useBoard().data?.tenants ?? []
  const draft = useDraft(`${board ?? ''}/new task`)
  const [form, setForm] = useState<Form>(() => ({ ...readForm(draft.text), ...startOf(start) }))
  const [refusal, setRefusal] = useState('')
  const [isSending, setSending] = useState(false)
  const element = useRef<HTMLFormElement>(null)

  function set(change: Partial<Form>): void {
    const next = { ...form, ...change }
    setForm(next)
    if (isWorthKeeping(next)) draft.set(JSON.stringify(next))
    else draft.drop()
  }

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (isSending) return
    setSending(true)
    try {
      const made = await submit(board, form)
      draft.drop()
      creating.set(null)
      void follow(client, board, made, form)
    } catch (error) {
      setRefusal(wordsOf(error))
    } finally {
      setSending(false)
    }
  }

  return (
    <form
      ref={element}
      className="grid gap-3"
      onSubmit={(event) => void send(event)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          element.current?.requestSubmit()
        }
      }}
    >
      <Field label="Title">
        {(id) => (
          <Input
            id={id}
            required
            value={form.title}
            placeholder="What is to be done, in a line"
            onChange={(event) => set({ title: event.target.value })}
          />
        )}
      </Field>
      <Field label="Description">
        {(id) => (
          <TextArea
            id={id}
            value={form.body}
            className="min-h-24"
            placeholder="Everything a worker needs to know. Markdown."
            onChange={(event) => set({ body: event.target.value })}
          />
        )}
      </Field>
      <div className="grid grid-cols-[2fr_1fr_1.4fr] gap-3 max-sm:grid-cols-1">
        <Field label="Assignee">
          {(id) => (
            <Suggest
              id={id}
              value={form.assignee}
              onChange={(assignee) => set({ assignee })}
              suggestions={suggestionsOf(known)}
              placeholder="Nobody"
            />
          )}
        </Field>
        <Field label="Priority">
          {(id) => (
            <Input
              id={id}
              type="number"
              step="1"
              required
              value={form.priority}
              onChange={(event) => set({ priority: event.target.value })}
            />
          )}
        </Field>
        <Field label="Column">
          {(id) => (
            <Select
              id={id}
              value={form.status}
              onChange={(status) => set({ status })}
              options={columns.map((name) => [name, lookOf(name).name])}
            />
          )}
        </Field>
      </div>
      <p className="-mt-1 text-xs text-faint">{meanings[form.status]}</p>
      {form.status === 'blocked' && (
        <Field label="What has to be answered or done">
          {(id) => (
            <TextArea
              id={id}
              className="min-h-16"
              required
              value={form.reason}
              onChange={(event) => set({ reason: event.target.value })}
            />
          )}
        </Field>
      )}
      <Parents ids={form.parents} onChange={(parents) => set({ parents })} />
      <MoreFields form={form} set={set} tenants={tenants} />
      <Refusal>{refusal}</Refusal>
      <Actions>
        <span className="mr-auto flex gap-1 text-xs text-faint pointer-coarse:hidden">
          <Key>Ctrl</Key>
          <Key>Enter</Key>
        </span>
        <Button look="quiet" onClick={() => creating.set(null)}>
          Cancel
        </Button>
        <Button look="strong" type="submit" disabled={isSending || form.title.trim() === ''}>
          Create
        </Button>
      </Actions>
    </form>
  )
}

function startOf({ status, parents }: Start): Partial<Form> {
  return { ...(status && { status }), ...(parents && { parents }) }
}

const meanings: Readonly<Record<string, string>> = {
  ready: 'It starts as soon as its assignee has a place free.',
  todo: 'It waits for its parents. Without any, it is ready at once.',
  triage: 'It is parked until somebody promotes it.',
  running: 'It is made ready, and a pass is done at once.',
  blocked: 'It waits for a person from the beginning.',
  done: 'It is written down as finished.',
}
