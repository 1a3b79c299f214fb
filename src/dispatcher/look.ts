import type { Board } from '../board/board.ts'
import { latestEventId } from '../board/history.ts'
import { holds } from '../board/holds.ts'
import type { Hold } from '../model/hold.ts'
import { type LiveRun, liveRuns } from './live.ts'

/** What one board says about this machine as a whole: who works here, and what may not start. */
export interface Looked {
  readonly board: Board
  readonly runs: readonly LiveRun[]
  readonly holds: readonly Hold[]
  /** The newest event, by which a look that would find nothing new is known. */
  readonly latest: number
}

export function lookAt(board: Board, host: string): Promise<Looked> {
  return board.store.read(async (reader) => ({
    board,
    runs: await liveRuns(reader, host),
    holds: await holds(reader),
    latest: await latestEventId(reader),
  }))
}
