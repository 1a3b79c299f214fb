import { name, sql } from '../../store/sql.ts'
import type { Reader } from '../../store/store.ts'
import { schema } from '../schema.ts'
import { shapeOf } from '../upgrades/shape.ts'
import { entryTypes, tableOf } from './entries.ts'

/** A table with rows that no entry tells of. */
export interface OtherTable {
  readonly table: string
  readonly rows: number
  /** Of our own, and of one installation alone; else it is another program's. */
  readonly isOurs: boolean
}

/** What a board knows about itself: in another place it is another board. */
const own = 'kanban_facts'

export async function otherTables(reader: Reader): Promise<OtherTable[]> {
  const ours = new Set(schema.tables.map((table) => table.name))
  const told = new Set([own, ...entryTypes.map((type) => tableOf(type).name)])
  // In PostgreSQL nobody but us has tables there.
  const all = reader.dialect === 'sqlite' ? [...(await shapeOf(reader)).tables.keys()] : [...ours]
  const found: OtherTable[] = []
  for (const table of all.sort()) {
    if (told.has(table) || !/^(?!sqlite_)[a-z_]\w*$/.test(table)) continue
    const rows = await countOf(reader, table)
    if (rows > 0) found.push({ table, rows, isOurs: ours.has(table) })
  }
  return found
}

export async function countOf(reader: Reader, table: string): Promise<number> {
  const row = await reader.get<{ count: number }>(sql`select count(*) as count from ${name(table)}`)
  return row?.count ?? 0
}
