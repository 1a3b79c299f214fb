import { lookOf, statusNames } from '../status/statuses.ts'
import { Bar } from '../ui/empty.tsx'

/** The board before it is known: the same columns at the same place. */
export function BoardSkeleton() {
  return (
    <div aria-busy="true" className="flex min-h-0 flex-1 gap-2 overflow-hidden px-3 pb-3">
      {statusNames
        .filter((name) => name !== 'archived')
        .map((name) => (
          <div
            key={name}
            className="flex w-[min(86vw,20rem)] shrink-0 flex-col gap-2 rounded-lg bg-sunken px-3 py-2.5 sm:w-auto sm:min-w-50 sm:flex-1 sm:basis-64 sm:max-w-120"
          >
            <span className="flex h-6 items-center font-semibold text-faint">
              {lookOf(name).name}
            </span>
            <Bar className="h-3 w-2/3" />
          </div>
        ))}
      <span className="sr-only">Loading the board</span>
    </div>
  )
}
