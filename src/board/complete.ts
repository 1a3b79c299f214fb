import { cut, firstLine } from '../lib/text.ts'
import type { BoardError } from '../model/error.ts'
import type { Fence } from '../model/run.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { move } from './move.ts'
import { promoteChildren } from './parents.ts'
import { noCards, noteDeadReferences, phantomsAmong, refusePhantoms } from './phantoms.ts'

export interface Completion {
  readonly fence?: Fence | undefined
  readonly summary?: string | null | undefined
  readonly result?: string | null | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined
  /** Ids that the worker says it created. */
  readonly createdCards?: readonly string[] | undefined
}

/** With a refusal the task is as it was, but for the trace of it: thrown, that would be rolled back. */
export type Completed =
  | { readonly run: number | null; readonly refusal?: undefined }
  | { readonly refusal: BoardError }

/** → done; hands the summary on and promotes the children. Throws `wrong_status` or `run_ended`. */
export async function complete(tx: Tx, id: string, done: Completion): Promise<Completed> {
  const summary = done.summary?.trim() ? done.summary : (done.result ?? null)
  const cards = done.createdCards?.length ? await phantomsAmong(tx, id, done.createdCards) : noCards
  if (cards.phantoms.length > 0) return refusePhantoms(tx, id, cards, summary, done.fence)
  const { run } = await move(tx, 'complete', id, {
    fence: done.fence,
    set: sql`, completed_at = ${tx.now}, result = coalesce(${done.result ?? null}, result)`,
    close: { summary, metadata: done.metadata },
    payload: {
      result_len: done.result?.length ?? 0,
      ...(summary === null ? {} : { summary: cut(firstLine(summary), 400) }),
      ...(cards.verified.length === 0 ? {} : { verified_cards: cards.verified }),
    },
  })
  await promoteChildren(tx, id)
  await noteDeadReferences(tx, id, run, { summary: done.summary, result: done.result })
  return { run }
}
