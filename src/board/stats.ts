import { statusNames } from '../model/status.ts'
import { sql } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'
import { secondsBetween } from './overview/ages.ts'

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
    group by assignee, status`)
  const oldest = await reader.get<{ created_at: number | null }>(
    sql`select min(created_at) as created_at from tasks where status = 'ready'`,
  )
  counts.sort(inOrder)
  const byStatus = new Map<string, number>(statusNames.map((name) => [name, 0]))
  for (const { status, count } of counts) byStatus.set(status, (byStatus.get(status) ?? 0) + count)
  const byAssignee = Map.groupBy(counts, ({ assignee }) => assignee ?? '')
  const names = [...byAssignee.keys()].sort()
  return {
    by_status: Object.fromEntries(byStatus),
    by_assignee: Object.fromEntries(names.map((name) => [name, each(byAssignee.get(name) ?? [])])),
    oldest_ready_age_seconds: secondsBetween(oldest?.created_at, reader.now),
    now: reader.now,
  }
}

function each(counts: readonly Count[]): Record<string, number> {
  return Object.fromEntries(counts.map(({ status, count }) => [status, count]))
}

/** Ours in the order of their list, those of other programs after them by name. */
function inOrder(a: Count, b: Count): number {
  return placeOf(a.status) - placeOf(b.status) || (a.status < b.status ? -1 : 1)
}

function placeOf(status: string): number {
  const place = (statusNames as readonly string[]).indexOf(status)
  return place < 0 ? statusNames.length : place
}
