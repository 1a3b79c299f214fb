/** What a pass would do on one board, from one snapshot. Reads only; a dry run prints it. */

import { holds } from '../board/holds.ts'
import type { Reader } from '../store/store.ts'
import { admit, admitAssignee, type Situation, type Skip } from './admit.ts'
import { firstReady, type Ready, readyCounts, readyTasks } from './candidates.ts'
import { type Expired, expiredClaims } from './live.ts'

/** Everything of a situation that does not depend on the board. */
export type Host = Omit<Situation, 'holds' | 'board' | 'now'>

export interface BoardPlan {
  readonly expired: readonly Expired[]
  /** In dispatch order: what may start here if no other board has anything more urgent. */
  readonly starts: readonly Ready[]
  readonly skipped: Readonly<Record<Skip, Skipped>>
  /** Seconds until something that is held back may start; null when nothing is. */
  readonly nextIn: number | null
}

export interface Skipped {
  readonly count: number
  /** The first of them, where a person reads the report. */
  readonly ids: readonly string[]
}

const batch = 64
const listed = 100

export async function planBoard(
  reader: Reader,
  board: string,
  host: Host,
  listIds: boolean,
): Promise<BoardPlan> {
  const here: Situation = { ...host, now: reader.now, board, holds: await holds(reader) }
  const counts = await readyCounts(reader)
  const { starts, held } = await choose(reader, here, [...counts.keys()])
  const skipped = countSkipped(counts, starts, here)
  return {
    expired: await expiredClaims(reader, host.host),
    starts,
    skipped: {
      unassigned: await described(reader, skipped.unassigned, starts, listIds),
      nonspawnable: await described(reader, skipped.nonspawnable, starts, listIds),
      capped: await described(reader, skipped.capped, starts, listIds),
      held: {
        count: held.length,
        ids: listIds ? held.slice(0, listed).map((task) => task.id) : [],
      },
    },
    nextIn: untilNext(reader.now, [
      ...held.map((task) => task.not_before),
      ...here.holds.map((hold) => hold.until),
    ]),
  }
}

/** Walks the ready tasks in order, as far as slots are free, asking the predicate about each. */
async function choose(
  reader: Reader,
  here: Situation,
  assignees: readonly string[],
): Promise<{ starts: Ready[]; held: Ready[] }> {
  const starts: Ready[] = []
  const held: Ready[] = []
  const seen = new Set<string>()
  const live = new Map(here.live)
  const now = { ...here, live }
  let open = openAssignees(assignees, now)
  for (let offset = 0; open.length > 0; ) {
    const tasks = await readyTasks(reader, here.host, open, batch, offset)
    for (const task of tasks.filter(({ id }) => !seen.has(id))) {
      seen.add(task.id)
      const reason = admit(task, now)
      if (reason === undefined) {
        starts.push(task)
        take(live, task.assignee ?? here.defaultAssignee)
      } else if (reason.skip === 'held') {
        held.push(task)
      }
    }
    if (tasks.length < batch) break
    const still = openAssignees(open, now)
    offset = still.length === open.length ? offset + batch : 0
    open = still
  }
  return { starts, held }
}

function openAssignees(names: readonly string[], here: Situation): string[] {
  return names.filter((name) => admitAssignee(nameOf(name, here), here) === undefined)
}

/** Tasks of nobody are counted under "", and may have a default assignee. */
function nameOf(counted: string, here: Situation): string | null {
  return counted === '' ? here.defaultAssignee : counted
}

function take(live: Map<string, number>, profile: string | null): void {
  live.set(profile ?? '', (live.get(profile ?? '') ?? 0) + 1)
}

interface Uncounted {
  count: number
  readonly assignees: string[]
}

/** Ready tasks that do not start, by the reason that all of their assignee's share. */
function countSkipped(
  counts: ReadonlyMap<string, number>,
  starts: readonly Ready[],
  here: Situation,
): Record<Exclude<Skip, 'held'>, Uncounted> {
  const empty = (): Uncounted => ({ count: 0, assignees: [] })
  const skipped = { unassigned: empty(), nonspawnable: empty(), capped: empty() }
  const live = new Map(here.live)
  for (const task of starts) take(live, task.assignee ?? here.defaultAssignee)
  for (const [name, count] of counts) {
    const started = starts.filter((task) => (task.assignee ?? '') === name).length
    const reason = admitAssignee(nameOf(name, here), { ...here, live })
    if (reason === undefined || reason.skip === 'held' || count === started) continue
    skipped[reason.skip].count += count - started
    skipped[reason.skip].assignees.push(name)
  }
  return skipped
}

async function described(
  reader: Reader,
  { count, assignees }: Uncounted,
  starts: readonly Ready[],
  listIds: boolean,
): Promise<Skipped> {
  if (!listIds || count === 0) return { count, ids: [] }
  const starting = new Set(starts.map((task) => task.id))
  const found = await firstReady(reader, assignees, listed + starting.size)
  return { count, ids: found.filter((id) => !starting.has(id)).slice(0, listed) }
}

/** Seconds from `now` to the first of these that is still to come. */
function untilNext(now: number, times: readonly (number | null)[]): number | null {
  return least(times.flatMap((time) => (time === null || time <= now ? [] : [time - now])))
}

/** Null when there is none. */
export function least(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((number) => number !== null)
  return known.length === 0 ? null : Math.min(...known)
}

export interface Start<Board> {
  readonly board: Board
  readonly task: Ready
  readonly profile: string
}

/** The tasks of all boards in one order of urgency, as many as the caps of this machine allow. */
export function merge<Board>(
  plans: readonly { readonly board: Board; readonly plan: BoardPlan }[],
  host: Host,
  max: number,
): Start<Board>[] {
  const all = plans.flatMap(({ board, plan }) => plan.starts.map((task) => ({ board, task })))
  all.sort((a, b) => b.task.priority - a.task.priority || a.task.created_at - b.task.created_at)
  const live = new Map(host.live)
  const here: Situation = { ...host, live, now: 0, board: '', holds: [] }
  const starts: Start<Board>[] = []
  for (const { board, task } of all) {
    const profile = task.assignee ?? host.defaultAssignee
    if (starts.length >= max) break
    if (profile === null || admitAssignee(profile, here) !== undefined) continue
    take(live, profile)
    starts.push({ board, task, profile })
  }
  return starts
}
