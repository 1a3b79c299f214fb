import { TriangleAlert } from 'lucide-react'
import type { Shown } from '../../../src/http/types.ts'
import { warningName } from '../card/signs.tsx'
import { line } from '../lib/text.ts'

/** Ids that a worker named and that are on no card. */
export function Warnings({ task }: { readonly task: Shown['task'] }) {
  const { warnings } = task
  if (warnings.count === 0) return null
  return (
    <section aria-label="Warnings" className="mb-6 rounded-md border border-late p-3">
      <p className="flex items-center gap-2 font-medium">
        <TriangleAlert size={14} aria-hidden className="text-late" />
        Its worker {warnings.kinds.map(warningName).join(', and ')}.
      </p>
      <p className="mt-1 text-soft">
        Look at what it did before you rely on it. An edit or a completion settles this.
      </p>
      {warnings.phantoms.length > 0 && (
        <ul className="mt-2 flex flex-wrap gap-1.5" aria-label="Ids that do not exist">
          {warnings.phantoms.map((id) => (
            <li
              key={id}
              className="foreign rounded-sm border border-dashed border-late px-1.5 font-mono text-xs"
            >
              {line(id)}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
