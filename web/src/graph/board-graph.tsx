import { Suspense, useMemo } from 'react'
import type { Graph } from '../../../src/http/types.ts'
import { useGraph } from '../api/task.ts'
import type { Column } from '../board/columns.ts'
import { Empty } from '../ui/empty.tsx'
import { usePlace } from '../url/place-store.ts'
import { Picture } from './lazy-picture.ts'
import { NotDrawn, Waiting } from './not-drawn.tsx'

/** More than this nobody can read, and a browser takes seconds to arrange. */
const most = 300

interface BoardGraphProps {
  readonly columns: readonly Column[]
}

/** All that is linked on the board, those that a filter hides faint. */
export function BoardGraph({ columns }: BoardGraphProps) {
  const { board } = usePlace()
  const { data, error, refetch } = useGraph(board, null)
  const visible = useMemo(
    () => new Set(columns.flatMap(({ cards }) => cards.map(({ id }) => id))),
    [columns],
  )
  const graph = useMemo(() => data && reduced(data, visible), [data, visible])
  if (graph === undefined) return <NotDrawn error={error} retry={refetch} />
  if (graph.nodes.length === 0) {
    return (
      <Empty title="No task waits for another">
        Open a task and say what it waits for: what hangs together is drawn here.
      </Empty>
    )
  }
  const left = (data?.nodes.length ?? 0) - graph.nodes.length
  return (
    <section
      aria-label="Dependency graph"
      className="mx-3 mb-3 min-h-0 flex-1 overflow-hidden rounded-lg border border-line"
    >
      <Suspense fallback={<Waiting />}>
        <Picture
          graph={graph}
          visible={visible}
          note={
            left > 0 ? `${left.toLocaleString()} more are not drawn: narrow the filter.` : undefined
          }
        />
      </Suspense>
    </section>
  )
}

/** What can be drawn of it: first what the filter leaves, and of that first what is not over. */
function reduced({ nodes, links }: Graph, visible: ReadonlySet<string>): Graph {
  if (nodes.length <= most) return { nodes, links }
  const rank = (node: Graph['nodes'][number]) =>
    (visible.has(node.id) ? 0 : 2) + (node.status === 'done' || node.status === 'archived' ? 1 : 0)
  const kept = [...nodes].sort((a, b) => rank(a) - rank(b)).slice(0, most)
  return { nodes: kept, links }
}
