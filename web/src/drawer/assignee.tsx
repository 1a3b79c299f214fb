import type { Shown } from '../../../src/http/types.ts'
import { useAssignees } from '../api/around.ts'
import { Monogram } from '../card/facts.tsx'
import { line } from '../lib/text.ts'
import { suggestionsOf } from '../selection/assign-dialog.tsx'
import { Refusal } from '../ui/field.tsx'
import { Suggest } from '../ui/suggest.tsx'
import { usePlace } from '../url/place-store.ts'
import { Fact } from './fact.tsx'
import { useEdit } from './use-edit.ts'
import { usePatch } from './use-patch.ts'

export function Assignee({ task }: { readonly task: Shown['task'] }) {
  const { board } = usePlace()
  const { data: known = [] } = useAssignees(board)
  const { assignee, id } = task
  const patch = usePatch(id)
  const edit = useEdit(`${board ?? ''}/${id}/assignee`, assignee ?? '', (name) =>
    patch({ assignee: name.trim() }),
  )
  return (
    <Fact name="Assignee">
      {edit.isEditing ? (
        <Suggest
          label="Assignee"
          focused
          placeholder="Nobody"
          value={edit.text}
          onChange={edit.type}
          suggestions={suggestionsOf(known)}
          onEnter={edit.enter}
          onLeave={edit.cancel}
        />
      ) : (
        <button
          type="button"
          title="Assign it to somebody else"
          onClick={edit.begin}
          className="-mx-1.5 flex max-w-full items-center gap-1.5 rounded-sm px-1.5 hover:bg-hover"
        >
          {assignee !== null && <Monogram name={assignee} />}
          <span className="truncate">{assignee === null ? 'Nobody' : line(assignee)}</span>
        </button>
      )}
      <Refusal>{edit.refusal}</Refusal>
    </Fact>
  )
}
