/** Cards that a worker says exist. A model that invents one must not hand it on as a fact. */

import { cut, firstLine } from '../lib/text.ts'
import { BoardError } from '../model/error.ts'
import type { Fence } from '../model/run.ts'
import { anyOf, sql, words } from '../store/sql.ts'
import type { Reader, Tx } from '../store/store.ts'
import { lifecycle } from './lifecycle.ts'
import { fenced, refusal } from './move.ts'
import { record } from './record.ts'

export interface Cards {
  readonly verified: readonly string[]
  readonly phantoms: readonly string[]
}

export const noCards: Cards = { verified: [], phantoms: [] }

/** A card is real when it exists and was created by the task's assignee or is a child of the task. */
export async function phantomsAmong(
  reader: Reader,
  id: string,
  cards: readonly string[],
): Promise<Cards> {
  const real = await reader.all<{ id: string }>(sql`
    select card.id from tasks card
    where card.id in ${anyOf(cards)} and (
      card.created_by = (select assignee from tasks where id = ${id})
      or exists (select 1 from task_links where parent_id = ${id} and child_id = card.id))`)
  const known = new Set(real.map((card) => card.id))
  return {
    verified: cards.filter((card) => known.has(card)),
    phantoms: cards.filter((card) => !known.has(card)),
  }
}

/** Records the refusal of a completion that may otherwise be made; throws what else is wrong with it. */
export async function refusePhantoms(
  tx: Tx,
  id: string,
  cards: Cards,
  summary: string | null,
  fence: Fence | undefined,
): Promise<{ refusal: BoardError }> {
  const task = await tx.get<{ current_run_id: number | null }>(sql`
    select current_run_id from tasks
    where id = ${id} and status in (${words(...lifecycle.complete.from)}) ${fenced(fence)}`)
  if (task === undefined) throw await refusal(tx, 'complete', id, fence)
  const { phantoms, verified } = cards
  await record(
    tx,
    id,
    'completion_blocked_hallucination',
    {
      phantom_cards: phantoms,
      verified_cards: verified,
      ...(summary === null ? {} : { summary_preview: cut(firstLine(summary), 200) }),
    },
    task.current_run_id,
  )
  return {
    refusal: new BoardError(
      'phantom_cards',
      `${id} is unchanged: ${phantoms.join(', ')} ${phantoms.length === 1 ? 'is no card' : 'are no cards'} ` +
        'of yours; complete it again without them, or create them first',
      { id, phantoms, verified },
    ),
  }
}

/** Advisory only: the hand-off mentions ids that are on no card. */
export async function noteDeadReferences(
  tx: Tx,
  id: string,
  run: number | null,
  sources: {
    readonly summary?: string | null | undefined
    readonly result?: string | null | undefined
  },
): Promise<void> {
  for (const source of ['summary', 'result'] as const) {
    const said = sources[source]
    if (!said?.includes('t_')) continue
    const named = [...new Set(said.match(/\bt_[0-9a-f]{8,}\b/g) ?? [])]
    if (named.length === 0) continue
    const found = await tx.all<{ id: string }>(
      sql`select id from tasks where id in ${anyOf(named)}`,
    )
    const known = new Set(found.map((task) => task.id))
    const dead = named.filter((name) => !known.has(name))
    if (dead.length > 0) {
      await record(tx, id, 'suspected_hallucinated_references', { phantom_refs: dead, source }, run)
    }
  }
}
