import { wellFormed } from '../../lib/text.ts'
import type { Column, Table } from '../../store/schema.ts'
import type { Value } from '../../store/sql.ts'
import { passing } from '../export/entries.ts'

export type Row = Readonly<Record<string, unknown>>

/** What a copy cannot keep as it is, and why. */
export interface Losses {
  changed(what: string, why: string): void
  left(what: string, why: string): void
}

/** The columns of ours, with what both databases can keep: in a file another program may have put anything anywhere. */
export function rowOf(table: Table, row: Row, losses: Losses): Readonly<Record<string, Value>> {
  const cells = table.columns.map((column) => {
    const given = passing.has(column.name) ? null : (row[column.name] ?? null)
    const kept = cell(column, given)
    if (kept.lost !== undefined) losses.changed(`${table.name}.${column.name}`, kept.lost)
    return [column.name, kept.value]
  })
  noteStrangers(table, row, losses)
  return Object.fromEntries(cells)
}

interface Kept {
  readonly value: Value
  readonly lost?: string
}

function cell(column: Column, given: unknown): Kept {
  if (given === null) return { value: usual(column) }
  if (column.type === 'integer') return whole(column, given)
  if (given instanceof Uint8Array) {
    return { value: usual(column), lost: 'what was in it is no text, and was left out' }
  }
  const text = String(given)
  const kept = wellFormed(text)
  return kept === text
    ? { value: kept }
    : { value: kept, lost: 'it had characters that no database keeps, and has them no more' }
}

function whole(column: Column, given: unknown): Kept {
  const number = typeof given === 'number' ? Math.ceil(given) : Number.NaN
  if (Number.isSafeInteger(number)) return { value: number }
  return { value: usual(column), lost: 'what was in it is no whole number, and was left out' }
}

function usual({ type, notNull, default: value }: Column): Value {
  return value ?? (notNull ? (type === 'integer' ? 0 : '') : null)
}

/** Nothing is said by null, 0 and the empty text. */
function noteStrangers({ name, columns }: Table, row: Row, losses: Losses): void {
  for (const key of Object.keys(row)) {
    if (!row[key] || columns.some((column) => column.name === key)) continue
    losses.left(`${name}.${key}`, 'it is of another program, and there is no such column here')
  }
}
