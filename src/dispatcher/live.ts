import { isHere } from '../board/here.ts'
import { sql } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'

/** A run of this installation that is open, or still has a process. */
export interface LiveRun {
  readonly id: number
  readonly task_id: string
  readonly profile: string | null
  readonly claim_lock: string
  readonly claim_expires: number
  readonly started_at: number
  readonly ended_at: number | null
  readonly runner_pid: number | null
  readonly runner_start: string | null
  readonly worker_pid: number | null
  readonly process_start: string | null
  /** When this was read, by the clock of the board. */
  readonly seen_at: number
}

const columns = (at: Reader) => sql`id, task_id, profile, claim_lock, claim_expires, started_at,
  ended_at, runner_pid, runner_start, worker_pid, process_start, ${at.now} as seen_at`

/** Each live run once: what is counted against the caps, and what a dispatcher has to see to. */
export function liveRuns(reader: Reader, host: string): Promise<LiveRun[]> {
  // For a `union`, SQLite walks all runs there ever were, in the order of their ids.
  return reader.all<LiveRun>(sql`
    select ${columns(reader)}
    from task_runs run where ${isHere('run', host)} and id in (
      select id from task_runs where ended_at is null
      union all select id from task_runs where runner_pid is not null and exited_at is null)
    order by id`)
}

/** Undefined once it is gone. */
export function liveRun(reader: Reader, id: number): Promise<LiveRun | undefined> {
  return reader.get<LiveRun>(sql`select ${columns(reader)} from task_runs run where id = ${id}`)
}

/** Live runs by profile. */
export function countByProfile(runs: readonly LiveRun[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { profile } of runs) {
    const name = profile ?? ''
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

/** A claim that nobody on this installation answers for: of a person, of another host, of another program. */
export interface ForeignClaim {
  readonly task: string
  readonly run: number
  readonly pid: number | null
  /** When its lease ends, which is all that can be known of it. A lease of ours is judged by its runner instead. */
  readonly expires: number
}

export function foreignClaims(reader: Reader, host: string): Promise<ForeignClaim[]> {
  return reader.all<ForeignClaim>(sql`
    select run.task_id as task, run.id as run, run.worker_pid as pid, task.claim_expires as expires
    from task_runs run join tasks task on task.id = run.task_id and task.current_run_id = run.id
    where run.ended_at is null and task.status = 'running' and task.claim_expires is not null
      and (run.host is null or not ${isHere('run', host)})`)
}
