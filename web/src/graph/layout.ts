import { layout as arrange, Graph } from '@dagrejs/dagre'
import type { Graph as Data, Neighbour } from '../../../src/http/types.ts'

export const nodeWidth = 200
export const nodeHeight = 44

interface Point {
  readonly x: number
  readonly y: number
}

interface Placed extends Point {
  readonly task: Neighbour
}

export interface Picture {
  readonly width: number
  readonly height: number
  readonly nodes: readonly Placed[]
  readonly edges: readonly {
    readonly id: string
    readonly path: string
    readonly isOpen: boolean
  }[]
}

const satisfied = new Set(['done', 'archived'])

/** Parents to the left of what waits for them; the same tasks always at the same places. */
export function pictureOf(told: Data): Picture {
  const nodes = told.nodes.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const links = told.links.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const graph = new Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 16, ranksep: 48, marginx: 16, marginy: 16 })
  graph.setDefaultEdgeLabel(() => ({}))
  const tasks = new Map(nodes.map((task) => [task.id, task]))
  for (const id of tasks.keys()) graph.setNode(id, { width: nodeWidth, height: nodeHeight })
  const drawn = links.filter(
    ({ parent_id, child_id }) => tasks.has(parent_id) && tasks.has(child_id),
  )
  for (const { parent_id, child_id } of drawn) graph.setEdge(parent_id, child_id)
  arrange(graph)

  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  return {
    width,
    height,
    nodes: nodes.map((task) => {
      const { x, y } = graph.node(task.id) as Point
      return { task, x: x - nodeWidth / 2, y: y - nodeHeight / 2 }
    }),
    edges: drawn.map(({ parent_id, child_id }) => ({
      id: keyOf({ parent_id, child_id }),
      path: curve((graph.edge(parent_id, child_id) as { points: Point[] }).points),
      isOpen: !satisfied.has(tasks.get(parent_id)?.status ?? ''),
    })),
  }
}

function keyOf({ parent_id, child_id }: Data['links'][number]): string {
  return `${parent_id} ${child_id}`
}

/** A line through all points, rounded at those between. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points
  const last = rest.at(-1)
  if (first === undefined || last === undefined) return ''
  const bends = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? last
    return `Q${point.x},${point.y} ${(point.x + next.x) / 2},${(point.y + next.y) / 2}`
  })
  return `M${first.x},${first.y}${bends.join('')}L${last.x},${last.y}`
}
