import type { Comment } from '../model/comment.ts'
import type { Event } from '../model/event.ts'
import type { Run } from '../model/run.ts'
import type { Task } from '../model/task.ts'
import type { Reader } from '../store/store.ts'
import { getTask } from './find.ts'
import {
  children,
  comments,
  events,
  latestSummary,
  type Neighbour,
  parents,
  runs,
} from './history.ts'

export interface Shown {
  readonly task: Task
  readonly parents: readonly Neighbour[]
  readonly children: readonly Neighbour[]
  readonly comments: readonly Comment[]
  readonly events: readonly Event[]
  readonly runs: readonly Run[]
  readonly latest_summary: string | null
  readonly warnings: readonly Event[]
}

/** Everything about one task, from one snapshot. */
export async function show(reader: Reader, id: string, eventLimit: number): Promise<Shown> {
  const all = await events(reader, id, Math.max(eventLimit, 200))
  return {
    task: await getTask(reader, id),
    parents: await parents(reader, id),
    children: await children(reader, id),
    comments: await comments(reader, id),
    events: all.slice(-eventLimit),
    runs: await runs(reader, id),
    latest_summary: await latestSummary(reader, id),
    warnings: warnings(all),
  }
}

const settles = new Set(['completed', 'edited'])
const warns = new Set(['completion_blocked_hallucination', 'suspected_hallucinated_references'])

/** A completion judges what came before it; the advice that follows a completion stays open. */
function warnings(all: readonly Event[]): Event[] {
  const last = all.findLastIndex((event) => settles.has(event.kind))
  return all.slice(last + 1).filter((event) => warns.has(event.kind))
}
