import { satisfies } from '../../model/status.ts'
import { sql } from '../../store/sql.ts'
import type { Reader } from '../../store/store.ts'
import { among } from './only.ts'

export interface OpenParent {
  readonly id: string
  readonly status: string
}

/** What is linked to one card. */
export interface Links {
  readonly parents: number
  readonly children: number
  /** Of the children, how many satisfy. */
  readonly done: number
  /** What it waits for. */
  readonly openParents: readonly OpenParent[]
}

export const noLinks: Links = { parents: 0, children: 0, done: 0, openParents: [] }

interface Known {
  readonly id: string
  readonly status: string
  readonly created_at: number
}

interface Link {
  readonly parent_id: string
  readonly child_id: string
}

/**
 * By id. The links are counted here and not by the database: the statuses of most tasks at their ends
 * are in `rows` already, and a join would look each of them up again.
 */
export async function linksOf(
  reader: Reader,
  rows: readonly Known[],
  only: readonly string[] | undefined,
): Promise<ReadonlyMap<string, Links>> {
  const links = await linksAmong(reader, only)
  const ends = new Map(rows.map((row): [string, Known] => [row.id, row]))
  const found = new Map<string, Counted>()
  const of = (id: string): Counted => {
    const known = found.get(id) ?? { parents: 0, children: 0, done: 0, openParents: [] }
    found.set(id, known)
    return known
  }
  for (const other of await others(reader, links, ends)) ends.set(other.id, other)
  for (const { parent_id, child_id } of links) {
    const parent = of(parent_id)
    const child = of(child_id)
    parent.children += 1
    child.parents += 1
    if (satisfies(ends.get(child_id)?.status)) parent.done += 1
    const end = ends.get(parent_id)
    if (end !== undefined && !satisfies(end.status)) child.openParents.push(end)
  }
  for (const { openParents } of found.values()) openParents.sort(olderFirst)
  return found
}

type Counted = { -readonly [Key in keyof Omit<Links, 'openParents'>]: number } & {
  readonly openParents: Known[]
}

function olderFirst(a: Known, b: Known): number {
  return a.created_at - b.created_at || (a.id < b.id ? -1 : 1)
}

function linksAmong(reader: Reader, only: readonly string[] | undefined): Promise<Link[]> {
  if (only === undefined) {
    return reader.all<Link>(sql`select parent_id, child_id from task_links`)
  }
  // A union, for an `or` would walk all links.
  return reader.all<Link>(sql`
    select parent_id, child_id from task_links where ${among('parent_id', only)}
    union select parent_id, child_id from task_links where ${among('child_id', only)}`)
}

/** Tasks at an end of a link that are not in view: put away, of another tenant, or unchanged. */
async function others(
  reader: Reader,
  links: readonly Link[],
  known: ReadonlyMap<string, Known>,
): Promise<Known[]> {
  const ids = new Set<string>()
  for (const { parent_id, child_id } of links) {
    if (!known.has(parent_id)) ids.add(parent_id)
    if (!known.has(child_id)) ids.add(child_id)
  }
  if (ids.size === 0) return []
  return reader.all<Known>(
    sql`select id, status, created_at from tasks where ${among('id', [...ids])}`,
  )
}
