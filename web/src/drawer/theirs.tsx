import { Button } from '../ui/button.tsx'
import type { Edit } from './use-edit.ts'

/** Somebody else has changed what is being edited: their words, and the choice. */
export function Theirs({ edit }: { readonly edit: Edit }) {
  if (edit.theirs === undefined) return null
  return (
    <div role="status" className="mt-2 rounded-md border border-late p-2 text-sm">
      <p>It was changed elsewhere meanwhile. Yours is kept here; saving replaces theirs:</p>
      <p className="foreign mt-1 line-clamp-4 whitespace-pre-wrap text-soft">{edit.theirs}</p>
      {/* Before the editor loses the focus, which would save it. */}
      <Button
        className="mt-2"
        onPointerDown={(event) => event.preventDefault()}
        onClick={edit.cancel}
      >
        Take theirs
      </Button>
    </div>
  )
}
