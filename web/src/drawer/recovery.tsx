import { type FormEvent, useState } from 'react'
import type { Shown } from '../../../src/http/types.ts'
import { useAssignees } from '../api/around.ts'
import { wordsOf } from '../api/client.ts'
import { copy } from '../lib/copy.ts'
import { plain } from '../lib/text.ts'
import { suggestionsOf } from '../selection/assign-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { Field, Input, Refusal } from '../ui/field.tsx'
import { Suggest } from '../ui/suggest.tsx'
import { takeFocus } from '../ui/take-focus.ts'
import { adjust, usePlace } from '../url/place-store.ts'
import { Section } from './section.tsx'
import { useAct } from './use-patch.ts'

export function hasFailed(task: Shown['task']): boolean {
  return task.consecutive_failures > 0 || task.last_failure_error !== null
}

/** For a task that runs, or that something went wrong with: take it back, give it to another, look closer. */
export function Recovery({ shown }: { readonly shown: Shown }) {
  const { task } = shown
  const isRunning = task.status === 'running'
  const [open, setOpen] = useState<'reclaim' | 'reassign' | null>(null)
  if (!isRunning && !hasFailed(task) && task.status !== 'blocked') return null
  const toggle = (what: 'reclaim' | 'reassign') => () => setOpen(open === what ? null : what)
  return (
    <Section title="Recovery">
      {task.last_failure_error !== null && (
        <pre className="foreign mb-2 max-h-40 overflow-auto rounded-md border border-line bg-sunken p-2.5 font-mono text-xs whitespace-pre-wrap">
          {plain(task.last_failure_error)}
        </pre>
      )}
      <div className="flex flex-wrap gap-1.5">
        {isRunning && (
          <Button aria-expanded={open === 'reclaim'} onClick={toggle('reclaim')}>
            Reclaim…
          </Button>
        )}
        <Button aria-expanded={open === 'reassign'} onClick={toggle('reassign')}>
          Reassign…
        </Button>
        <Button look="quiet" onClick={() => adjust({ tab: 'log' })}>
          Read the log
        </Button>
      </div>
      {open === 'reclaim' && <Reclaim id={task.id} onDone={() => setOpen(null)} />}
      {open === 'reassign' && (
        <Reassign task={task} isRunning={isRunning} onDone={() => setOpen(null)} />
      )}
      {hasFailed(task) && task.assignee !== null && <Checks profile={task.assignee} />}
    </Section>
  )
}

function Reclaim({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const act = useAct(id)
  const [reason, setReason] = useState('')
  const [refusal, setRefusal] = useState('')

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const body = reason.trim() === '' ? {} : { reason: reason.trim() }
    try {
      await act('/reclaim', { method: 'POST', body })
      onDone()
    } catch (error) {
      setRefusal(wordsOf(error))
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="mt-3 grid gap-2">
      <Field label="Reason, for the record" help="Its worker is ended. The task is ready again.">
        {(field, help) => (
          <Input
            ref={takeFocus}
            id={field}
            aria-describedby={help}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <Refusal>{refusal}</Refusal>
      <Button look="strong" type="submit" className="justify-self-start">
        Reclaim
      </Button>
    </form>
  )
}

interface ReassignProps {
  readonly task: Shown['task']
  readonly isRunning: boolean
  readonly onDone: () => void
}

function Reassign({ task, isRunning, onDone }: ReassignProps) {
  const { board } = usePlace()
  const { data: known = [] } = useAssignees(board)
  const act = useAct(task.id)
  const [profile, setProfile] = useState('')
  const [refusal, setRefusal] = useState('')

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    try {
      const body = { profile: profile.trim(), ...(isRunning ? { reclaim_first: true } : {}) }
      await act('/reassign', { method: 'POST', body })
      onDone()
    } catch (error) {
      setRefusal(wordsOf(error))
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="mt-3 grid gap-2">
      <Field
        label="To"
        help={isRunning ? 'It is taken back from its worker first.' : 'Its failures count anew.'}
      >
        {(field, help) => (
          <Suggest
            focused
            id={field}
            describedBy={help}
            value={profile}
            onChange={setProfile}
            suggestions={suggestionsOf(known.filter(({ name }) => name !== task.assignee))}
          />
        )}
      </Field>
      <Refusal>{refusal}</Refusal>
      <Button look="strong" type="submit" className="justify-self-start" disabled={!profile.trim()}>
        Reassign
      </Button>
    </form>
  )
}

/** What to look at when a profile fails again and again. */
function Checks({ profile }: { readonly profile: string }) {
  const commands = [
    [`hermes profile show ${profile}`, 'its command, model and limits'],
    ['hermes doctor', 'whether its programs are found and logged in'],
  ] as const
  return (
    <ul className="mt-3 grid gap-1 text-soft">
      {commands.map(([command, what]) => (
        <li key={command} className="flex flex-wrap items-center gap-x-2">
          <button
            type="button"
            title="Copy the command"
            className="foreign rounded-sm bg-sunken px-1.5 py-0.5 text-start font-mono text-xs hover:bg-hover"
            onClick={() => void copy(command)}
          >
            {command}
          </button>
          {what}
        </li>
      ))}
    </ul>
  )
}
