import type { Board } from '../board/board.ts'
import type { Policy } from '../board/fail.ts'
import { getRun, latestEventId } from '../board/history.ts'
import { release } from '../board/reclaim.ts'
import { settle } from '../board/settle.ts'
import type { Reader, Tx } from '../store/store.ts'
import type { Fate } from './fates.ts'
import type { ForeignClaim } from './live.ts'
import type { BoardPlan } from './plan.ts'
import { promotable, promoteThese } from './promotions.ts'
import { type Clockwork, dueIn, type Timer } from './recurring.ts'
import { note, type Report } from './report.ts'

/**
 * What other programs do need not leave an event, so all of todo is looked at again and again: each minute, or
 * as much less often as it takes longer, for it may take a thousandth of the time. In milliseconds.
 */
const sweeping = { least: 60_000, most: 600_000, share: 1_000 }

export interface Keeping {
  /** Says what may start, as things are when it is called. */
  readonly plan: (reader: Reader) => Promise<BoardPlan>
  readonly timers: readonly Timer[]
  /** Resolves with nothing where it is refused: one that cannot be freed never stops the others. */
  readonly attempt: <T>(work: () => Promise<T>) => Promise<T | undefined>
  /** To this is added what was done, or in a dry run would be. */
  readonly report: Report
  /** In a dry run: whatever would be closed first, and how. Everything is done, and undone again. */
  readonly dry?: { readonly fates: readonly Fate[]; readonly policy: Policy }
}

/**
 * What a pass does for a board besides starting: frees what has expired, promotes what another program
 * left waiting, and makes what the clock says. Returns the plan of what may start after that.
 */
export type Upkeep = (board: Board, how: Keeping) => Promise<BoardPlan>

/** `now`: milliseconds that never go back. */
export function upkeep(clockwork: Clockwork, now: () => number): Upkeep {
  const cursors = new Map<Board, { event: number; sweepAt: number }>()

  return async (board, how) => {
    const known = cursors.get(board)
    const began = now()
    const sweep = known === undefined || began >= known.sweepAt
    const { waiting, swept, event, first } = await board.store.read(async (reader) => ({
      waiting: await promotable(reader, sweep ? null : known.event),
      swept: now(),
      event: await latestEventId(reader),
      first: await how.plan(reader),
    }))
    const { report, dry, timers, attempt } = how
    const chores = { waiting, expired: first.expired }
    if (dry !== undefined) {
      const plan = await foretell(board, chores, first, how, dry)
      report.promoted += waiting.length
      report.recurring.push(...dueIn(plan.turns))
      return plan
    }
    const promoted = await attempt(() => promoteOn(board, waiting))
    if (promoted !== undefined) {
      report.promoted += promoted
      const sweepAt = sweep ? swept + pauseAfter(swept - began) : known.sweepAt
      cursors.set(board, { event, sweepAt })
    }
    for (const claim of chores.expired) {
      if (await attempt(() => board.store.write((tx) => releaseOne(tx, claim)))) {
        report.reclaimed += 1
      }
    }
    const plan = isIdle(chores) ? first : await board.store.read(how.plan)
    report.recurring.push(
      ...((await attempt(() => clockwork.take(board, timers, plan.turns))) ?? []),
    )
    return plan
  }
}

function pauseAfter(took: number): number {
  return Math.min(Math.max(took * sweeping.share, sweeping.least), sweeping.most)
}

interface Chores {
  /** Tasks in todo that nothing holds back. */
  readonly waiting: readonly string[]
  readonly expired: readonly ForeignClaim[]
}

function isIdle({ waiting, expired }: Chores): boolean {
  return waiting.length === 0 && expired.length === 0
}

async function promoteOn({ store }: Board, ids: readonly string[]): Promise<number> {
  return ids.length === 0 ? 0 : store.write((tx) => promoteThese(tx, ids))
}

function releaseOne(tx: Tx, { task, run, pid }: ForeignClaim): Promise<boolean> {
  return release(tx, task, run, { pid, host_local: false, terminated: false, sigkill: false })
}

class Undo extends Error {}

/** Does it all in one unit of work, which is then undone. */
async function foretell(
  { store }: Board,
  chores: Chores,
  first: BoardPlan,
  { plan, report, attempt }: Keeping,
  { fates, policy }: NonNullable<Keeping['dry']>,
): Promise<BoardPlan> {
  if (isIdle(chores) && fates.length === 0) return first
  let found = first
  const undone = store.write(async (tx) => {
    for (const { run, end } of fates) {
      await settle(tx, run.task_id, { run: run.id, lock: run.claim_lock }, end, policy)
      const outcome = (await getRun(tx, run.id))?.outcome
      if (outcome != null) note(report, { task: run.task_id, outcome })
    }
    await promoteThese(tx, chores.waiting)
    for (const claim of chores.expired) {
      if (await attempt(() => releaseOne(tx, claim))) report.reclaimed += 1
    }
    found = await plan(tx)
    throw new Undo()
  })
  await undone.catch((error) => {
    if (!(error instanceof Undo)) throw error
  })
  return found
}
