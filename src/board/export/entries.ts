/** Everything on a board, row by row: what an export writes and what an import takes. */

import { jsonIn } from '../../lib/json.ts'
import { publicLock } from '../../model/lock.ts'
import type { Reader } from '../../store/store.ts'
import { schema } from '../schema.ts'
import { type Cells, pagesOf } from './pages.ts'

/** In the order in which they are written: nothing names what comes after it, but parents. */
export const entryTypes = ['task', 'link', 'comment', 'run', 'event', 'subscription'] as const

export type EntryType = (typeof entryTypes)[number]

/** A row under the names of its columns, JSON as what it says; those of other programs as well. */
export interface Entry {
  readonly type: EntryType
  readonly [column: string]: unknown
}

const tableNames: Readonly<Record<EntryType, string>> = {
  task: 'tasks',
  link: 'task_links',
  comment: 'task_comments',
  run: 'task_runs',
  event: 'task_events',
  subscription: 'kanban_notify_subs',
}

export function tableOf(type: EntryType) {
  const table = schema.tables.find((one) => one.name === tableNames[type])
  if (table === undefined) throw new TypeError(`the schema has no table for ${type}`)
  return table
}

/** Rows at a time. */
const page = 200

/** Each table in the order of its key, some rows at a time. */
export async function* entries(reader: Reader): AsyncGenerator<Entry[]> {
  for (const type of entryTypes) {
    const table = tableOf(type)
    const blank = Object.fromEntries(table.columns.map((column) => [column.name, null]))
    for await (const rows of pagesOf(reader, table, page)) {
      yield rows.map((row) => entryOf(type, { ...blank, ...row }))
    }
  }
}

const json = new Set(['skills', 'payload', 'metadata', 'usage'])

/** Who is just now telling a chat: of no use anywhere else. */
export const passing: ReadonlySet<string> = new Set(['owner', 'owner_until'])

function entryOf(type: EntryType, row: Cells): Entry {
  const entry: Record<string, unknown> & { type: EntryType } = { type }
  for (const column of Object.keys(row)) {
    if (!passing.has(column)) entry[column] = told(column, row[column])
  }
  return entry
}

/** A claim's token stays in the file. */
function told(column: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (column === 'claim_lock') return publicLock(value)
  return json.has(column) ? parsed(value) : value
}

/** What is no JSON stays the text that it is. */
function parsed(text: string): unknown {
  const value = jsonIn(text)
  return value === undefined ? text : value
}
