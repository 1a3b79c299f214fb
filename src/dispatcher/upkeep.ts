import type { Board } from '../board/board.ts'
import { latestEventId } from '../board/history.ts'
import { release } from '../board/reclaim.ts'
import { monotonic } from '../lib/clock.ts'
import type { BoardPlan } from './plan.ts'
import { promotable, promoteThese } from './promotions.ts'
import { type Clockwork, dueIn, type Timer } from './recurring.ts'
import type { Report } from './report.ts'

/** Every this many milliseconds all of todo is looked at, whatever the events say. */
const sweepMs = 600_000

/**
 * What a pass does for a board besides starting: makes what the clock says, frees what has expired, and
 * promotes what another program left waiting. Adds what it did to the report; with `dry`, what it would do.
 */
export type Upkeep = (
  board: Board,
  plan: BoardPlan,
  timers: readonly Timer[],
  report: Report,
  dry: boolean,
) => Promise<void>

export function upkeep(clockwork: Clockwork): Upkeep {
  const cursors = new Map<Board, { event: number; sweptAt: number }>()
  return async (board, plan, timers, report, dry) => {
    const known = cursors.get(board)
    const sweep = known === undefined || monotonic() - known.sweptAt > sweepMs
    const { waiting, event } = await board.store.read(async (reader) => ({
      waiting: await promotable(reader, sweep ? null : known.event),
      event: await latestEventId(reader),
    }))
    if (dry) {
      report.promoted += waiting.length
      report.reclaimed += plan.expired.length
      report.recurring.push(...dueIn(plan.turns))
      return
    }
    if (waiting.length > 0) await board.store.write((tx) => promoteThese(tx, waiting))
    report.promoted += waiting.length
    cursors.set(board, { event, sweptAt: sweep ? monotonic() : known.sweptAt })
    for (const { task, run, pid } of plan.expired) {
      const ended = { pid, host_local: false, terminated: false, sigkill: false }
      await board.store.write((tx) => release(tx, task, run, ended))
      report.reclaimed += 1
    }
    report.recurring.push(...(await clockwork.take(board, timers, plan.turns)))
  }
}
