import { statusNames } from '../model/status.ts'
import { sql } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'

export interface Stats {
  readonly by_status: Readonly<Record<string, number>>
  readonly by_assignee: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Null when nothing is ready; never negative, whatever the clock did. */
  readonly oldest_ready_age_seconds: number | null
  readonly now: number
}

interface Count {
  readonly status: string
  readonly assignee: string | null
  readonly count: number
}

/** Ours in the order of the list of statuses, then those of other programs. Tasks of nobody are under "". */
export async function stats(reader: Reader): Promise<Stats> {
  const counts = await reader.all<Count>(sql`
    select status, assignee, count(*) as count from tasks
    group by assignee, status order by assignee, status`)
  const oldest = await reader.get<{ created_at: number | null }>(
    sql`select min(created_at) as created_at from tasks where status = 'ready'`,
  )
  const byStatus: Record<string, number> = Object.fromEntries(statusNames.map((name) => [name, 0]))
  const byAssignee: Record<string, Record<string, number>> = {}
  for (const { status, assignee, count } of counts) {
    byStatus[status] = (byStatus[status] ?? 0) + count
    byAssignee[assignee ?? ''] = { ...byAssignee[assignee ?? ''], [status]: count }
  }
  return {
    by_status: byStatus,
    by_assignee: byAssignee,
    oldest_ready_age_seconds:
      oldest?.created_at == null ? null : age(oldest.created_at, reader.now),
    now: reader.now,
  }
}

/** Of a time that another program may have written as anything: null when it is none. */
function age(since: unknown, now: number): number | null {
  const seconds = now - Number(since)
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null
}
