import { sql } from '../../store/sql.ts'
import type { Reader } from '../../store/store.ts'

/** What a SQLite file has, whoever made it. Names and types in lower case, as SQLite compares them. */
export interface Shape {
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, Column>>
  readonly views: ReadonlySet<string>
  readonly triggers: ReadonlySet<string>
}

export interface Column {
  readonly type: string
  readonly notNull: boolean
  readonly hasDefault: boolean
  readonly isKey: boolean
}

/** One look at the schema, never at a row: 70 µs. */
export async function shapeOf(reader: Reader): Promise<Shape> {
  const rows = await reader.all<ShapeRow>(sql`
    select m.type as kind, lower(m.name) as owner, lower(c.name) as name, lower(c.type) as type,
      c."notnull" as not_null, c.dflt_value is not null as has_default, c.pk as place_in_key
    from sqlite_schema m left join pragma_table_info(${ofTables}) c
    where m.type in ('table', 'view', 'trigger')`)
  const tables = new Map<string, Map<string, Column>>()
  const views = new Set<string>()
  const triggers = new Set<string>()
  for (const row of rows) {
    if (row.kind === 'view') views.add(row.owner)
    else if (row.kind === 'trigger') triggers.add(row.owner)
    else columnsIn(tables, row.owner).set(row.name, columnOf(row))
  }
  return { tables, views, triggers }
}

/** Of a view that shows what is gone SQLite would refuse to say anything, and with it of all else. */
const ofTables = sql`case m.type when 'table' then m.name end`

interface ShapeRow {
  readonly kind: 'table' | 'view' | 'trigger'
  readonly owner: string
  readonly name: string
  readonly type: string
  readonly not_null: number
  readonly has_default: number
  readonly place_in_key: number
}

function columnsIn(tables: Map<string, Map<string, Column>>, owner: string): Map<string, Column> {
  const known = tables.get(owner)
  if (known !== undefined) return known
  const fresh = new Map<string, Column>()
  tables.set(owner, fresh)
  return fresh
}

function columnOf({ type, not_null, has_default, place_in_key }: ShapeRow): Column {
  return {
    type,
    notNull: not_null === 1,
    hasDefault: has_default === 1,
    isKey: place_in_key > 0,
  }
}

/** What SQLite makes of a declared type; `any` is kept as it is given. */
export function affinity(type: string): 'integer' | 'text' | 'any' {
  if (type.includes('int')) return 'integer'
  return /char|clob|text/.test(type) ? 'text' : 'any'
}
