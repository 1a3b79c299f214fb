import { shortDigest } from '../lib/digest.ts'
import { join, name, type Sql, sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { notFound } from './move.ts'
import { record } from './record.ts'

export interface Edit {
  readonly title?: string | undefined
  /** Null takes the text away. */
  readonly body?: string | null | undefined
  readonly priority?: number | undefined
  /** Null for any machine. */
  readonly host?: string | null | undefined
}

const editable = ['title', 'body', 'host'] as const

/** Longer texts are told apart in the event by their hash. */
const longest = 200

interface Before {
  readonly title: string
  readonly body: string | null
  readonly priority: number
  readonly host: string | null
}

/** Writes what differs, one event for the texts and one for the priority. Returns the names of what changed. */
export async function edit(tx: Tx, id: string, to: Edit): Promise<string[]> {
  const before = await tx.get<Before>(
    sql`select title, body, priority, host from tasks where id = ${id}`,
  )
  if (before === undefined) throw notFound(id)
  const texts = editable.filter((field) => to[field] !== undefined && to[field] !== before[field])
  if (texts.length > 0) {
    await set(
      tx,
      id,
      texts.map((field) => sql`${name(field)} = ${to[field] ?? null}`),
    )
    const changes = texts.map((field) => [field, change(before[field], to[field] ?? null)])
    await record(tx, id, 'edited', { fields: texts, ...Object.fromEntries(changes) })
  }
  if (to.priority === undefined || to.priority === before.priority) return texts
  await set(tx, id, [sql`priority = ${to.priority}`])
  await record(tx, id, 'reprioritized', {
    priority: { from: before.priority, to: to.priority },
  })
  return [...texts, 'priority']
}

async function set(tx: Tx, id: string, columns: readonly Sql[]): Promise<void> {
  await tx.run(sql`update tasks set ${join(columns)} where id = ${id}`)
}

function change(from: string | null, to: string | null): { from: unknown; to: unknown } {
  return { from: brief(from), to: brief(to) }
}

function brief(text: string | null): unknown {
  if (text === null || text.length <= longest) return text
  return {
    sha256: shortDigest(text, 16),
    length: text.length,
  }
}
