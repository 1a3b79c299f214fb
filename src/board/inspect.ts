import { existsSync } from 'node:fs'
import type { Clock } from '../lib/clock.ts'
import { BoardError } from '../model/error.ts'
import { isComplete } from '../store/schema.ts'
import { sql } from '../store/sql.ts'
import { openSqlite } from '../store/sqlite.ts'
import type { Place } from './board.ts'
import { schema } from './schema.ts'
import { schemaOf } from './schema-name.ts'
import { strangeness } from './upgrades/newer.ts'
import { olderColumns } from './upgrades/older-columns.ts'
import { type Shape, shapeOf } from './upgrades/shape.ts'
import { textIds } from './upgrades/text-ids.ts'

export interface Inspection {
  /** What SQLite finds wrong with the file; empty when it is whole. */
  readonly damage: readonly string[]
  /** `older` is brought up to date when it is next used; `newer` can be read and not written. */
  readonly shape: 'absent' | 'current' | 'older' | 'newer'
}

/** Looks at a board's file and changes nothing in it. Throws what opening it throws. */
export async function inspectBoard({ database }: Place, clock: Clock): Promise<Inspection> {
  if (!existsSync(database)) return { damage: [], shape: 'absent' }
  const store = await openSqlite(database, { clock, create: false })
  try {
    return await store.read(async (reader) => {
      const said = await reader.all<{ quick_check: string }>(sql`pragma quick_check(10)`)
      const damage = said.map((row) => row.quick_check).filter((line) => line !== 'ok')
      return { damage, shape: stateOf(await shapeOf(reader)) }
    })
  } finally {
    await store.close()
  }
}

/** Looks at a board on a server and changes nothing. Throws what opening it throws. */
export async function inspectSchema(place: Place): Promise<'absent' | 'current' | 'older'> {
  const { openPostgres } = await import('../store/postgres.ts')
  const store = await openPostgres(place.database, {
    schema: schemaOf(place.slug),
    create: false,
  }).catch(unlessGone)
  if (store === undefined) return 'absent'
  try {
    return (await store.read((reader) => isComplete(reader, schema))) ? 'current' : 'older'
  } finally {
    await store.close()
  }
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof BoardError) || error.code !== 'board_gone') throw error
}

function stateOf(shape: Shape): Inspection['shape'] {
  if (strangeness(shape) !== undefined) return 'newer'
  const isComplete = schema.tables.every(({ name, columns }) => {
    const there = shape.tables.get(name)
    return columns.every((column) => there?.has(column.name))
  })
  const isOlder = [textIds, ...olderColumns].some((step) => step.needed(shape))
  return isComplete && !isOlder ? 'current' : 'older'
}
