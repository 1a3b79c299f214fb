import type { Reader } from '../../store/store.ts'
import { type EntryType, entryTypes, tableOf } from './entries.ts'
import { countOf, type OtherTable, otherTables } from './others.ts'

export type Format = 'jsonl' | 'markdown'

/** What Markdown says nothing of. */
const notForPeople: ReadonlySet<EntryType> = new Set(['event', 'subscription'])

export interface Inventory {
  readonly told: Readonly<Partial<Record<EntryType, number>>>
  readonly left: readonly OtherTable[]
}

/** What an export has, and what it leaves out. */
export async function inventory(reader: Reader, format: Format): Promise<Inventory> {
  const told: Partial<Record<EntryType, number>> = {}
  const left: OtherTable[] = []
  for (const type of entryTypes) {
    const { name: table } = tableOf(type)
    const rows = await countOf(reader, table)
    if (format === 'jsonl' || !notForPeople.has(type)) told[type] = rows
    else if (rows > 0) left.push({ table, rows, isOurs: true })
  }
  return { told, left: [...left, ...(await otherTables(reader))] }
}
