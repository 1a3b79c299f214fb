import { anyOf, sql } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'
import type { Neighbour } from './history.ts'

export interface Graph {
  readonly nodes: readonly Neighbour[]
  readonly links: readonly { readonly parent_id: string; readonly child_id: string }[]
}

/** All that `task` is linked to, however far; without one, all linked tasks of the board. */
export async function graph(reader: Reader, task?: string): Promise<Graph> {
  if (task === undefined) {
    const links = await reader.all<Graph['links'][number]>(
      sql`select parent_id, child_id from task_links order by parent_id, child_id`,
    )
    const ends = new Set(links.flatMap(({ parent_id, child_id }) => [parent_id, child_id]))
    return { nodes: await nodes(reader, [...ends]), links }
  }
  const ids = await connected(reader, task)
  const links = await reader.all<Graph['links'][number]>(sql`
    select parent_id, child_id from task_links where parent_id in ${anyOf(ids)}
    order by parent_id, child_id`)
  return { nodes: await nodes(reader, ids), links }
}

/** A step for each generation, not for each task. */
async function connected(reader: Reader, task: string): Promise<string[]> {
  const found = new Set([task])
  for (let edge = [task]; edge.length > 0; ) {
    const next = await reader.all<{ id: string }>(sql`
      select child_id as id from task_links where parent_id in ${anyOf(edge)}
      union select parent_id as id from task_links where child_id in ${anyOf(edge)}`)
    edge = next.map(({ id }) => id).filter((id) => !found.has(id))
    for (const id of edge) found.add(id)
  }
  return [...found]
}

function nodes(reader: Reader, ids: readonly string[]): Promise<Neighbour[]> {
  return reader.all<Neighbour>(sql`
    select id, title, status, assignee from tasks where id in ${anyOf(ids)}
    order by created_at, id`)
}
