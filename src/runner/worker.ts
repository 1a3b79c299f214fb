import type { Exit } from '../model/end.ts'
import type { Report } from '../workers/report.ts'
import type { Verdict } from './verdict.ts'

/** A worker's process, as a driver hands it over. It waits behind its gate until the board knows its pid. */
export interface WorkerProcess {
  /** It leads a process group of its own. */
  readonly pid: number
  /** `<boot id>:<start ticks>`. The pid stays when the gate opens. */
  readonly start: string
  readonly exited: Promise<Exit>
  /** What its words decide about the run before it has exited; never, where its exit decides. */
  readonly verdict?: Promise<Verdict>
  /** What it has told in a file of its own; only where its words are not read anyway. */
  report?(): Promise<Report>
  /** Lets the program begin. */
  open(): void
  /** Sends it home before it began. */
  refuse(): void
  /**
   * Asks it to end in its own language. TERM follows as soon as this resolves or fails, and after the
   * grace that TERM has as well; not asked of a worker that has exited.
   */
  stop?(): Promise<unknown>
}
