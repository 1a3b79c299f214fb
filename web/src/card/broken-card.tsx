import { Button } from '../ui/button.tsx'

/** In the place of a card that could not be drawn: the others are well. */
export function BrokenCard({ id, again }: { readonly id: string; readonly again: () => void }) {
  return (
    <div className="rounded-md border border-wrong bg-surface px-3 py-2.5 text-xs" role="alert">
      <p>
        <span className="font-mono">{id}</span> cannot be shown.
      </p>
      <Button className="mt-2" onClick={again}>
        Try again
      </Button>
    </div>
  )
}
