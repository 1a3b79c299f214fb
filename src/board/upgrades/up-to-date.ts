/** How a board of any age comes to be one of today, with nothing lost; several processes may try at once. */

import { BoardError } from '../../model/error.ts'
import { isVerbatim, migrate } from '../../store/schema.ts'
import type { Reader, Store } from '../../store/store.ts'
import { identityStep } from '../facts.ts'
import { schema } from '../schema.ts'
import { eventKinds, olderKindsIndex } from './event-kinds.ts'
import { foreignness } from './foreign.ts'
import { lostRuns } from './lost-runs.ts'
import { strangeness } from './newer.ts'
import { olderColumns } from './older-columns.ts'
import { type Shape, shapeOf } from './shape.ts'
import type { RowStep, ShapeStep } from './step.ts'
import { textIds } from './text-ids.ts'

/** Before the schema adds what is missing: they must still see what it was that was missing. */
const shapeSteps: readonly ShapeStep[] = [textIds, ...olderColumns]

const rowSteps: readonly RowStep[] = [eventKinds, lostRuns, identityStep]

const ours = { ...schema, indexes: [...schema.indexes, olderKindsIndex] }

/**
 * Resolves with the store; with one that refuses to write (`board_newer`) when the file has a shape
 * that our rows do not fit. Throws `board_corrupt` for a database that is no board. A board as this
 * version makes it costs one short read.
 */
export async function bringUpToDate(store: Store): Promise<Store> {
  // In PostgreSQL there are no boards but our own.
  if (store.dialect === 'postgres') {
    await migrate(store, schema)
    await mendRows(store, [identityStep])
    return store
  }
  if (await store.read(isUpToDate)) return store
  const strange = await mendShape(store)
  if (strange !== undefined) {
    return { ...store, write: () => Promise.reject(newer(store, strange, 'changed')) }
  }
  await mendRows(store, rowSteps)
  return store
}

async function isUpToDate(reader: Reader): Promise<boolean> {
  return (await isVerbatim(reader, ours)) && !(await isNeeded(reader, rowSteps))
}

/** Resolves with why our rows do not fit the file, in a few words; undefined when they do now. */
async function mendShape(store: Store): Promise<string | undefined> {
  const shape = await store.read(shapeOf)
  const theirs = foreignness(shape)
  if (theirs !== undefined) throw foreign(store, theirs)
  const view = schema.tables.find(({ name }) => shape.views.has(name))
  if (view !== undefined) throw newer(store, `${view.name} is a view`, 'opened')
  const strange = strangeness(shape)
  if (strange === undefined) await reshape(store, shape)
  // To a strange one too: a column more harms nobody, and without it nothing could be read.
  await migrate(store, ours)
  return strange
}

async function reshape(store: Store, shape: Shape): Promise<void> {
  if (!shapeSteps.some((step) => step.needed(shape))) return
  await store.write(async (tx) => {
    for (const step of shapeSteps) {
      const current = await shapeOf(tx)
      if (step.needed(current)) await step.apply(tx, current)
    }
  })
}

async function mendRows(store: Store, steps: readonly RowStep[]): Promise<void> {
  if (!(await store.read((reader) => isNeeded(reader, steps)))) return
  await store.write(async (tx) => {
    for (const step of steps) if (await step.needed(tx)) await step.apply(tx)
  })
}

async function isNeeded(reader: Reader, steps: readonly RowStep[]): Promise<boolean> {
  for (const step of steps) if (await step.needed(reader)) return true
  return false
}

function newer({ place }: Store, why: string, what: 'opened' | 'changed'): BoardError {
  return new BoardError(
    'board_newer',
    `${place} cannot be ${what} by this version: a newer program has shaped it (${why}); update hermes-kanban, or use that program`,
    { place, why },
  )
}

function foreign({ place }: Store, why: string): BoardError {
  return new BoardError(
    'board_corrupt',
    `${place} is not a board but the database of another program (${why}); its tables were left as they are: name another file`,
    { place, why },
  )
}
