import { wordsOf } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'

interface NotDrawnProps {
  /** Null while it is still being read. */
  readonly error: Error | null
  readonly retry: () => unknown
}

/** In the place of a graph that has not come. */
export function NotDrawn({ error, retry }: NotDrawnProps) {
  if (error === null) return <Waiting />
  return (
    <Empty
      title="The graph cannot be read"
      action={<Button onClick={() => retry()}>Try again</Button>}
    >
      {wordsOf(error)}
    </Empty>
  )
}

export function Waiting() {
  return (
    <div aria-busy="true" className="grid h-full place-items-center p-8 text-faint">
      Drawing the graph …
    </div>
  )
}
