import type { Shown } from '../../../src/http/types.ts'
import { useShortcuts } from '../keyboard/shortcuts.ts'
import { Button } from '../ui/button.tsx'
import { Refusal, TextArea } from '../ui/field.tsx'
import { Markdown } from '../ui/markdown.tsx'
import { takeFocus } from '../ui/take-focus.ts'
import { usePlace } from '../url/place-store.ts'
import { Section } from './section.tsx'
import { Theirs } from './theirs.tsx'
import { useEdit } from './use-edit.ts'
import { usePatch } from './use-patch.ts'

export function Description({ task }: { readonly task: Shown['task'] }) {
  const { board } = usePlace()
  const patch = usePatch(task.id)
  const text = task.body ?? ''
  const edit = useEdit(`${board ?? ''}/${task.id}/body`, text, (body) =>
    patch({ body: body === '' ? null : body }),
  )
  const isUnsaved = edit.text !== text

  useShortcuts({
    e: () => {
      edit.begin()
      return true
    },
  })

  if (!edit.isEditing) {
    return (
      <Section
        title="Description"
        action={
          <Button look="quiet" className="h-6" onClick={edit.begin}>
            {isUnsaved ? 'Go on with your draft' : 'Edit'}
          </Button>
        }
      >
        {text === '' ? <p className="text-faint">None.</p> : <Markdown text={text} />}
      </Section>
    )
  }
  return (
    <Section title="Description">
      <TextArea
        ref={takeFocus}
        aria-label="Description"
        className="min-h-40"
        value={edit.text}
        readOnly={edit.isSaving}
        onChange={(event) => edit.type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') edit.leave()
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void edit.save()
        }}
      />
      <Theirs edit={edit} />
      <Refusal>{edit.refusal}</Refusal>
      <div className="mt-2 flex items-center gap-2">
        <Button look="strong" disabled={edit.isSaving} onClick={() => void edit.save()}>
          Save
        </Button>
        <Button look="quiet" onClick={edit.cancel}>
          {isUnsaved ? 'Discard' : 'Cancel'}
        </Button>
      </div>
    </Section>
  )
}
