import { sql } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'
import { isHere } from './here.ts'

/** A run whose worker is, or was, on another installation: its processes, folder and log are there. */
export interface Elsewhere {
  readonly run: number
  /** `<name>+<id of the installation>`. */
  readonly host: string
  readonly open: boolean
}

/** The host that has completed work of a profile last; undefined when none has. */
export async function latestHostOf(reader: Reader, profile: string): Promise<string | undefined> {
  const row = await reader.get<{ host: string }>(sql`
    select host from task_runs
    where profile = ${profile} and outcome = 'completed' and host is not null
    order by ended_at desc limit 1`)
  return row?.host
}

/** The latest run of the task that a dispatcher has started, when that was not one of ours. */
export async function latestElsewhere(
  reader: Reader,
  task: string,
  here: string,
): Promise<Elsewhere | undefined> {
  const row = await reader.get<{ run: number; host: string; open: number; here: number }>(sql`
    select run.id as run, run.host as host,
      case when run.ended_at is null then 1 else 0 end as open,
      case when ${isHere('run', here)} then 1 else 0 end as here
    from task_runs run where run.task_id = ${task} and run.host is not null
    order by run.id desc limit 1`)
  if (row === undefined || row.here === 1) return undefined
  return { run: row.run, host: row.host, open: row.open === 1 }
}
