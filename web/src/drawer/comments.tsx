import { useRef, useState } from 'react'
import type { Shown } from '../../../src/http/types.ts'
import { wordsOf } from '../api/client.ts'
import { Monogram } from '../card/facts.tsx'
import { useShortcuts } from '../keyboard/shortcuts.ts'
import { useNow } from '../lib/clock.ts'
import { useDraft } from '../lib/draft.ts'
import { dateOf, shortDuration } from '../lib/duration.ts'
import { line } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { Refusal, TextArea } from '../ui/field.tsx'
import { Markdown } from '../ui/markdown.tsx'
import { usePlace } from '../url/place-store.ts'
import { Section } from './section.tsx'
import { useAct } from './use-patch.ts'

const latest = 50

export function Comments({ shown }: { readonly shown: Shown }) {
  const { comments, task } = shown
  const now = useNow()
  const [isWhole, setWhole] = useState(false)
  const seen = isWhole ? comments : comments.slice(-latest)
  const earlier = comments.length - seen.length
  return (
    <Section title="Comments">
      {earlier > 0 && (
        <Button look="quiet" className="mb-2" onClick={() => setWhole(true)}>
          Show {earlier} earlier ones
        </Button>
      )}
      <ol className="grid gap-3">
        {seen.map(({ id, author, body, created_at }) => (
          <li key={id}>
            <p className="flex items-center gap-1.5 text-xs text-faint">
              <Monogram name={author} />
              <span className="foreign font-medium text-soft">{line(author)}</span>
              <time title={dateOf(created_at)}>{shortDuration(now - created_at)} ago</time>
            </p>
            <Markdown text={body} className="mt-1 pl-5.5" />
          </li>
        ))}
      </ol>
      <Write id={task.id} />
    </Section>
  )
}

function Write({ id }: { readonly id: string }) {
  const { board } = usePlace()
  const act = useAct(id)
  const draft = useDraft(`${board ?? ''}/${id}/comment`)
  const [refusal, setRefusal] = useState('')
  const [isSending, setSending] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const text = draft.text ?? ''

  useShortcuts({
    r: () => {
      field.current?.focus()
      return true
    },
  })

  async function send(): Promise<void> {
    const body = text.trim()
    if (body === '' || isSending) return
    setSending(true)
    setRefusal('')
    try {
      await act('/comments', { method: 'POST', body: { body } })
      draft.drop()
    } catch (error) {
      setRefusal(wordsOf(error))
    } finally {
      setSending(false)
      field.current?.focus()
    }
  }

  return (
    <div className="mt-3">
      <TextArea
        ref={field}
        aria-label="Write a comment"
        placeholder="Write a comment. Enter sends it, Shift and Enter begins a line."
        className="min-h-8"
        rows={1}
        value={text}
        readOnly={isSending}
        onChange={(event) => draft.set(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
          // While letters are put together (Japanese, Chinese, …), Enter belongs to them.
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          void send()
        }}
      />
      <Refusal>{refusal}</Refusal>
      <div className="mt-2 hidden pointer-coarse:block">
        <Button disabled={isSending || text.trim() === ''} onClick={() => void send()}>
          Send
        </Button>
      </div>
    </div>
  )
}
