import type { Column as Ours, Table } from '../../store/schema.ts'
import { schema } from '../schema.ts'
import { affinity, type Column, type Shape } from './shape.ts'
import { isTextId } from './text-ids.ts'

/**
 * Why a file cannot be written by us, in a few words; undefined when it can. Tables, columns,
 * indexes and statuses that we do not know are no reason, nor is what the steps mend: only what our
 * own rows would break, or be broken by.
 */
export function strangeness({ tables }: Shape): string | undefined {
  for (const table of schema.tables) {
    const ours = new Map(table.columns.map((column) => [column.name, column]))
    for (const [name, column] of tables.get(table.name) ?? []) {
      const known = ours.get(name)
      const fault = known === undefined ? unknownFault(column) : knownFault(table, known, column)
      if (fault !== undefined) return `${table.name}.${name} ${fault}`
    }
  }
  return undefined
}

function unknownFault({ notNull, hasDefault, isKey }: Column): string | undefined {
  if (isKey) return 'is part of its key'
  return notNull && !hasDefault ? 'must have a value that only that program knows' : undefined
}

function knownFault(table: Table, ours: Ours, column: Column): string | undefined {
  if (isTextId(table.name, ours.name, column.type)) return undefined
  const theirs = affinity(column.type)
  if (theirs !== 'any' && theirs !== ours.type) return `is ${theirs} where we have ${ours.type}`
  if (table.primaryKey === 'autoincrement' && ours.name === 'id') {
    return column.isKey && column.type === 'integer' ? undefined : 'is not numbered by SQLite'
  }
  const mayBeNull = !ours.notNull && ours.default === undefined
  return mayBeNull && column.notNull && !column.isKey ? 'may no longer be empty' : undefined
}
