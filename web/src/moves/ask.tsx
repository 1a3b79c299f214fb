import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useStore } from '../lib/store.ts'
import { count, line } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { Actions, Dialog } from '../ui/dialog.tsx'
import { Field, TextArea } from '../ui/field.tsx'
import { asking, move, type Wish, type Words } from './move.ts'

interface Question {
  readonly title: (what: string) => string
  readonly tells: string
  readonly field?: { readonly label: string; readonly name: keyof Words; readonly needed: boolean }
  readonly yes: string
}

const questions: Partial<Record<Wish['goal'], Question>> = {
  done: {
    title: (what) => `Complete ${what}?`,
    tells: 'Whatever waits for this becomes ready. A worker at it is ended.',
    field: { label: 'Summary for whoever goes on from here', name: 'summary', needed: false },
    yes: 'Complete',
  },
  blocked: {
    title: (what) => `Block ${what}?`,
    tells: 'This waits for a person until it is unblocked. A worker at it is ended.',
    field: { label: 'What has to be answered or done', name: 'block_reason', needed: true },
    yes: 'Block',
  },
  archived: {
    title: (what) => `Archive ${what}?`,
    tells:
      'This leaves the board and no longer holds back what waits for it. It can be brought back.',
    yes: 'Archive',
  },
}

/** Asks before what is hard to take back, and for the words that belong to it. */
export function Ask() {
  const wish = useStore(asking)
  const question = wish === null ? undefined : questions[wish.goal]
  return (
    <Dialog
      open={question !== undefined}
      onClose={() => asking.set(null)}
      title={wish && question ? question.title(whatOf(wish)) : ''}
      description={question?.tells}
    >
      {wish && question && <Answer key={wish.goal} wish={wish} question={question} />}
    </Dialog>
  )
}

function whatOf({ cards }: Wish): string {
  const [card] = cards
  return cards.length === 1 && card !== undefined
    ? `“${line(card.title).slice(0, 80)}”`
    : count(cards.length, 'card')
}

function Answer({ wish, question }: { readonly wish: Wish; readonly question: Question }) {
  const client = useQueryClient()
  const [text, setText] = useState('')
  const form = useRef<HTMLFormElement>(null)
  const { field } = question
  const isMissing = field?.needed === true && text.trim() === ''

  function confirm(): void {
    if (isMissing) return
    const words = field === undefined || text.trim() === '' ? {} : { [field.name]: text.trim() }
    asking.set(null)
    void move(client, wish, words)
  }

  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault()
        confirm()
      }}
    >
      {field && (
        <Field label={field.label}>
          {(id) => (
            <TextArea
              id={id}
              className="min-h-16"
              value={text}
              required={field.needed}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                  form.current?.requestSubmit()
                }
              }}
            />
          )}
        </Field>
      )}
      <Actions>
        <Button look="quiet" onClick={() => asking.set(null)}>
          Cancel
        </Button>
        <Button look="strong" type="submit" disabled={isMissing}>
          {question.yes}
        </Button>
      </Actions>
    </form>
  )
}
