import { BoardError } from '../model/error.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { unknownParents } from './create.ts'
import { notFound } from './move.ts'
import { demoteChild, promote } from './parents.ts'
import { record } from './record.ts'

/** `child` waits for `parent` from now on. Linking twice changes nothing. Throws `meaningless` on a cycle. */
export async function link(tx: Tx, parent: string, child: string): Promise<boolean> {
  if (parent === child) {
    throw new BoardError('meaningless', `${child} cannot wait for itself: name two tasks`)
  }
  if (!(await exists(tx, parent))) throw unknownParents([parent])
  if (!(await exists(tx, child))) throw notFound(child)
  const path = await pathBetween(tx, child, parent)
  if (path !== undefined) {
    throw new BoardError(
      'meaningless',
      `${parent} -> ${child} would close a circle: ${inWords([...path, child])}; unlink one of these first`,
      { path },
    )
  }
  const rows = await tx.run(sql`
    insert into task_links (parent_id, child_id) values (${parent}, ${child})
    on conflict do nothing`)
  if (rows === 0) return false
  await record(tx, child, 'linked', { parent, child })
  await record(tx, parent, 'linked', { parent, child })
  await demoteChild(tx, child, parent)
  return true
}

/** Returns false when there was no such link. */
export async function unlink(tx: Tx, parent: string, child: string): Promise<boolean> {
  const rows = await tx.run(
    sql`delete from task_links where parent_id = ${parent} and child_id = ${child}`,
  )
  if (rows === 0) return false
  await record(tx, child, 'unlinked', { parent, child })
  await record(tx, parent, 'unlinked', { parent, child })
  await promote(tx, sql`tasks where id = ${child}`)
  return true
}

async function exists(tx: Tx, id: string): Promise<boolean> {
  return (await tx.get(sql`select 1 from tasks where id = ${id}`)) !== undefined
}

/** The ids from `from` down to `to` along the links, or undefined when `to` is not below `from`. */
async function pathBetween(tx: Tx, from: string, to: string): Promise<string[] | undefined> {
  const cameFrom = new Map<string, string | null>([[from, null]])
  const queue = [from]
  for (const id of queue) {
    if (id === to) return pathTo(id, cameFrom)
    const children = await tx.all<{ child_id: string }>(
      sql`select child_id from task_links where parent_id = ${id}`,
    )
    for (const { child_id } of children) {
      if (cameFrom.has(child_id)) continue
      cameFrom.set(child_id, id)
      queue.push(child_id)
    }
  }
  return undefined
}

function pathTo(id: string, cameFrom: ReadonlyMap<string, string | null>): string[] {
  const path: string[] = []
  for (let at: string | null | undefined = id; at; at = cameFrom.get(at)) path.push(at)
  return path.reverse()
}

/** Both ends of a long path: links can be cut anywhere on it, and thousands of ids are read by nobody. */
function inWords(path: readonly string[]): string {
  const shown = 5
  const between = path.length - 2 * shown
  const ends = [...path.slice(0, shown), `(${between} more)`, ...path.slice(-shown)]
  return (between > 1 ? ends : path).join(' -> ')
}
