/** A board from a file to a server or back, row by row as it is: ids, numbers and the order of events are kept. */

import type { Store, Tx } from '../../store/store.ts'
import { assertAtRest } from '../at-rest.ts'
import { fromSnapshot } from '../export/snapshot.ts'
import { forgetUpTo, forgottenUpTo } from '../facts.ts'
import { latestEventId } from '../history.ts'
import { createDraft, type Note } from '../import/report.ts'
import { insertRows } from '../insert-rows.ts'
import { type Losses, rowOf } from './cells.ts'
import { countRows, lastNumber, noteOthers, type Page, pages, tables } from './read.ts'
import { assertEmpty, setLastNumber } from './write.ts'

export interface Copying {
  readonly from: { readonly slug: string; readonly store: Store }
  /** Null for a dry run. */
  readonly to: { readonly slug: string; readonly store: Store } | null
  /** Called now and then, with how many rows of how many have been copied. */
  readonly onProgress: (done: number, all: number) => void
}

export interface Copied {
  /** How many rows, by table. */
  readonly rows: Readonly<Record<string, number>>
  /** Kept, but not as it was. */
  readonly changed: readonly Note[]
  readonly left: readonly Note[]
  /** Events that have come to the original meanwhile, and are not in the copy. */
  readonly missed: number
}

/**
 * In one unit of work: nobody sees half a board, and nothing is left of a copy that fails. Throws
 * `conflict` while a task of it runs, which would go on in the original, and when there is one already.
 */
export async function copyBoard({ from, to, onProgress }: Copying): Promise<Copied> {
  const draft = createDraft()
  const plan = await from.store.read(async (reader) => {
    await assertAtRest(reader, from.slug, 'cannot be copied')
    return countRows(reader)
  })
  const expected = [...plan.values()].reduce((sum, count) => sum + count, 0)
  const told = fromSnapshot(from.store, (reader) => parts(reader, from.slug, draft))
  const take = (tx: Tx | null) =>
    takeAll(told, tx, draft, (done) => onProgress(done, Math.max(done, expected)))
  const { rows, event } =
    to === null
      ? await take(null)
      : await to.store.write(async (tx) => {
          await assertEmpty(tx, to.slug)
          return take(tx)
        })
  const { changed, left } = draft.report()
  const missed = (await from.store.read(latestEventId)) - event
  return { rows, changed, left, missed }
}

/** What a snapshot of the original gives, in this order. */
type Part =
  | { readonly page: Page }
  | {
      readonly numbers: ReadonlyMap<string, number>
      readonly forgotten: number
      readonly event: number
    }

async function* parts(
  reader: Parameters<typeof pages>[0],
  slug: string,
  losses: Losses,
): AsyncGenerator<Part> {
  await assertAtRest(reader, slug, 'cannot be copied')
  await noteOthers(reader, losses)
  for await (const page of pages(reader)) yield { page }
  const numbers = new Map<string, number>()
  for (const { name, primaryKey } of tables) {
    if (primaryKey === 'autoincrement') numbers.set(name, await lastNumber(reader, name))
  }
  const event = await latestEventId(reader)
  yield { numbers, forgotten: await forgottenUpTo(reader), event }
}

async function takeAll(
  told: AsyncIterable<Part>,
  tx: Tx | null,
  losses: Losses,
  onRows: (done: number) => void,
): Promise<{ rows: Record<string, number>; event: number }> {
  const rows: Record<string, number> = Object.fromEntries(tables.map(({ name }) => [name, 0]))
  let done = 0
  let event = 0
  for await (const part of told) {
    if ('page' in part) {
      const { table } = part.page
      const kept = part.page.rows.map((row) => rowOf(table, row, losses))
      if (tx !== null) await insertRows(tx, table, kept)
      rows[table.name] = (rows[table.name] ?? 0) + kept.length
      done += kept.length
      onRows(done)
    } else {
      event = part.event
      if (tx !== null) await finish(tx, part, rows)
    }
  }
  return { rows, event }
}

async function finish(
  tx: Tx,
  part: { readonly numbers: ReadonlyMap<string, number>; readonly forgotten: number },
  rows: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [table, number] of part.numbers) await setLastNumber(tx, table, number)
  await forgetUpTo(tx, part.forgotten)
  for (const [table, count] of await countRows(tx)) {
    if (count !== rows[table]) throw new Error(`${table}: ${rows[table]} rows became ${count}`)
  }
}
