import type { Shown } from '../../../src/http/types.ts'
import { input, Refusal } from '../ui/field.tsx'
import { takeFocus } from '../ui/take-focus.ts'
import { usePlace } from '../url/place-store.ts'
import { Fact } from './fact.tsx'
import { useEdit } from './use-edit.ts'
import { usePatch } from './use-patch.ts'

export function Priority({ task }: { readonly task: Shown['task'] }) {
  const { board } = usePlace()
  const patch = usePatch(task.id)
  const edit = useEdit(`${board ?? ''}/${task.id}/priority`, String(task.priority), (text) =>
    patch({ priority: Number(text) }),
  )
  return (
    <Fact name="Priority">
      {edit.isEditing ? (
        <input
          ref={takeFocus}
          aria-label="Priority"
          type="number"
          step="1"
          value={edit.text}
          onChange={(event) => edit.type(event.target.value)}
          onBlur={() => void edit.save()}
          onKeyDown={(event) => {
            if (event.key === 'Escape') edit.cancel()
            if (event.key === 'Enter') void edit.save()
          }}
          className={`${input} h-7 w-24`}
        />
      ) : (
        <button
          type="button"
          title="Change the priority"
          onClick={edit.begin}
          className="tabular -mx-1.5 rounded-sm px-1.5 hover:bg-hover"
        >
          {task.priority}
        </button>
      )}
      <Refusal>{edit.refusal}</Refusal>
    </Fact>
  )
}
