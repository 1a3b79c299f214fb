import type { Shown } from '../../../src/http/types.ts'
import { line } from '../lib/text.ts'
import { Refusal } from '../ui/field.tsx'
import { takeFocus } from '../ui/take-focus.ts'
import { usePlace } from '../url/place-store.ts'
import { Theirs } from './theirs.tsx'
import { useEdit } from './use-edit.ts'
import { usePatch } from './use-patch.ts'

export function Title({ task }: { readonly task: Shown['task'] }) {
  const { board } = usePlace()
  const patch = usePatch(task.id)
  const edit = useEdit(`${board ?? ''}/${task.id}/title`, task.title, (title) => patch({ title }))
  if (!edit.isEditing) {
    return (
      <h2 className="foreign text-lg font-semibold" dir="auto">
        <button
          type="button"
          title="Edit the title"
          onClick={edit.begin}
          className="-mx-1.5 rounded-sm px-1.5 text-start hover:bg-hover"
        >
          {line(task.title)}
        </button>
      </h2>
    )
  }
  return (
    <div>
      <textarea
        ref={takeFocus}
        aria-label="Title"
        rows={1}
        value={edit.text}
        readOnly={edit.isSaving}
        onChange={(event) => edit.type(event.target.value.replaceAll('\n', ' '))}
        onBlur={() => void edit.save()}
        onKeyDown={(event) => {
          if (event.key === 'Escape') edit.cancel()
          if (event.key !== 'Enter') return
          event.preventDefault()
          void edit.save()
        }}
        className="-mx-1.5 field-sizing-content w-[calc(100%+0.75rem)] resize-none rounded-sm bg-sunken px-1.5 text-lg font-semibold outline-2 outline-act"
      />
      <Theirs edit={edit} />
      <Refusal>{edit.refusal}</Refusal>
    </div>
  )
}
