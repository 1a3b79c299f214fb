import type { Comment } from '../model/comment.ts'
import type { Event } from '../model/event.ts'
import type { Run } from '../model/run.ts'
import type { Task } from '../model/task.ts'
import type { Reader } from '../store/store.ts'
import { getTask } from './find.ts'
import {
  children,
  comments,
  doubts,
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
  return {
    task: await getTask(reader, id),
    parents: await parents(reader, id),
    children: await children(reader, id),
    comments: await comments(reader, id),
    events: await events(reader, id, eventLimit),
    runs: await runs(reader, id),
    latest_summary: await latestSummary(reader, id),
    warnings: await doubts(reader, id),
  }
}
