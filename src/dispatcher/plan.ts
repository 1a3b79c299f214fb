/** What a pass would do on one board, from one snapshot. Reads only; a dry run prints it. */

import { holds } from '../board/holds.ts'
import type { Reader } from '../store/store.ts'
import { admit, admitAssignee, type Situation, type Skip } from './admit.ts'
import { countElsewhere, firstReady, type Ready, readyCounts, readyTasks } from './candidates.ts'
import { type ForeignClaim, foreignClaims } from './live.ts'
import { scheduleOn, type Timer, type Turn } from './recurring.ts'

/** Everything of a situation that does not depend on the board. */
export type Host = Omit<Situation, 'holds' | 'board' | 'now'>

export interface BoardPlan {
  /** Claims of others whose lease has passed. */
  readonly expired: readonly ForeignClaim[]
  /** In dispatch order: what may start here if no other board has anything more urgent. */
  readonly starts: readonly Ready[]
  readonly skipped: Readonly<Record<Skip, Skipped>>
  /** Of tasks that the clock makes. */
  readonly turns: readonly Turn[]
  /** Seconds until something that is held back may start, or is made; null when nothing is. */
  readonly nextIn: number | null
}

export interface Skipped {
  readonly count: number
  /** The first of them, where a person reads the report. */
  readonly ids: readonly string[]
}

const batch = 64
const listed = 100

export interface Planning {
  /** Those of this board. */
  readonly timers: readonly Timer[]
  readonly listIds: boolean
}

export async function planBoard(
  reader: Reader,
  board: string,
  host: Host,
  { timers, listIds }: Planning,
): Promise<BoardPlan> {
  const here: Situation = { ...host, now: reader.now, board, holds: await holds(reader) }
  const counts = await readyCounts(reader)
  const { starts, held } = await choose(reader, here, [...counts.keys()])
  const skipped = countSkipped(counts, starts, held, here)
  const seen = new Set([...starts, ...held].map(({ id }) => id))
  const list = (which: Uncounted): Promise<Skipped> =>
    described(reader, which, listIds ? seen : undefined)
  const open = openAssignees([...counts.keys()], here)
  const { turns, nextIn } = await scheduleOn(reader, timers)
  const foreign = await foreignClaims(reader, host.host)
  return {
    expired: foreign.filter(({ expires }) => expires <= reader.now),
    starts,
    skipped: {
      unassigned: await list(skipped.unassigned),
      nonspawnable: await list(skipped.nonspawnable),
      capped: await list(skipped.capped),
      // Who reads it wants to know of all that wait.
      held: {
        count: skipped.held.count + (listIds ? await countElsewhere(reader, host.host, open) : 0),
        ids: [],
      },
    },
    turns,
    nextIn: least([
      nextIn,
      untilNext(reader.now, [
        ...held.map((task) => task.not_before),
        ...foreign.map(({ expires }) => expires),
        ...[...here.holds, ...here.accountHolds].map((hold) => hold.until),
      ]),
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

/** Ready tasks that do not start: those held back each for itself, the others by what their assignee's share. */
function countSkipped(
  counts: ReadonlyMap<string, number>,
  starts: readonly Ready[],
  held: readonly Ready[],
  here: Situation,
): Record<Skip, Uncounted> {
  const empty = (): Uncounted => ({ count: 0, assignees: [] })
  const skipped = {
    unassigned: empty(),
    nonspawnable: empty(),
    capped: empty(),
    held: { ...empty(), count: held.length },
  }
  const live = new Map(here.live)
  for (const task of starts) take(live, task.assignee ?? here.defaultAssignee)
  for (const [name, count] of counts) {
    const seen = [...starts, ...held].filter((task) => (task.assignee ?? '') === name).length
    const reason = admitAssignee(nameOf(name, here), { ...here, live })
    if (reason === undefined || count === seen) continue
    skipped[reason.skip].count += count - seen
    skipped[reason.skip].assignees.push(name)
  }
  return skipped
}

/** With the first ids, but for those of `besides`; without any where it is left out. */
async function described(
  reader: Reader,
  { count, assignees }: Uncounted,
  besides: ReadonlySet<string> | undefined,
): Promise<Skipped> {
  if (besides === undefined || count === 0) return { count, ids: [] }
  const found = await firstReady(reader, assignees, listed + besides.size)
  return { count, ids: found.filter((id) => !besides.has(id)).slice(0, listed) }
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
  const here: Situation = { ...host, live, now: 0, board: '', holds: [], accountHolds: [] }
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
