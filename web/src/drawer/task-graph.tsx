import { Suspense } from 'react'
import { wordsOf } from '../api/client.ts'
import { useGraph } from '../api/task.ts'
import { Waiting } from '../graph/board-graph.tsx'
import { Picture } from '../graph/lazy-picture.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { usePlace } from '../url/place-store.ts'

/** All that this task hangs together with. */
export function TaskGraph({ id }: { readonly id: string }) {
  const { board } = usePlace()
  const { data, error, refetch } = useGraph(board, id)
  if (data === undefined) {
    if (error === null) return <Waiting />
    return (
      <Empty
        title="The graph cannot be read"
        action={<Button onClick={() => refetch()}>Try again</Button>}
      >
        {wordsOf(error)}
      </Empty>
    )
  }
  return (
    <Suspense fallback={<Waiting />}>
      <Picture graph={data} focus={id} />
    </Suspense>
  )
}
