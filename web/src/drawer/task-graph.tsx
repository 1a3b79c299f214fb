import { Suspense } from 'react'
import { useGraph } from '../api/task.ts'
import { Picture } from '../graph/lazy-picture.ts'
import { NotDrawn, Waiting } from '../graph/not-drawn.tsx'
import { usePlace } from '../url/place-store.ts'

/** All that this task hangs together with. */
export function TaskGraph({ id }: { readonly id: string }) {
  const { board } = usePlace()
  const { data, error, refetch } = useGraph(board, id)
  if (data === undefined) return <NotDrawn error={error} retry={refetch} />
  return (
    <Suspense fallback={<Waiting />}>
      <Picture graph={data} focus={id} />
    </Suspense>
  )
}
