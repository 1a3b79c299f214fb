import { X } from 'lucide-react'
import { useBoard } from '../board/use-board.ts'
import { line } from '../lib/text.ts'
import { Mark } from '../status/mark.tsx'
import { Field } from '../ui/field.tsx'
import { PickTask } from '../ui/pick-task.tsx'

interface ParentsProps {
  readonly ids: readonly string[]
  readonly onChange: (ids: readonly string[]) => void
}

export function Parents({ ids, onChange }: ParentsProps) {
  const cards = useBoard().data?.cards
  return (
    <Field label="Waits for">
      {(fieldId) => (
        <>
          {ids.length > 0 && (
            <ul className="mb-1.5 flex flex-wrap gap-1.5">
              {ids.map((id) => (
                <li
                  key={id}
                  className="flex h-7 max-w-full items-center gap-1.5 rounded-sm border border-line pl-2"
                >
                  <Mark status={cards?.get(id)?.status ?? 'todo'} still />
                  <span className="foreign truncate">{line(cards?.get(id)?.title ?? id)}</span>
                  <button
                    type="button"
                    aria-label={`Without ${id}`}
                    className="grid size-7 place-items-center text-faint hover:text-ink"
                    onClick={() => onChange(ids.filter((one) => one !== id))}
                  >
                    <X size={13} aria-hidden />
                  </button>
                </li>
              ))}
            </ul>
          )}
          <PickTask
            id={fieldId}
            label="Search a task that it waits for"
            without={ids}
            onPick={({ id }) => onChange([...ids, id])}
          />
        </>
      )}
    </Field>
  )
}
