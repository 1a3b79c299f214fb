/** One task, or several. */

import { z } from 'zod'
import { bulkChange, somebody, taskChange } from '../../model/change.ts'
import { newTask } from '../../model/task.ts'
import type { Route } from '../route.ts'
import type { LogPiece } from '../types.ts'
import { ok } from './ok.ts'
import { shownTask } from './shown-task.ts'

const tail = z
  .number()
  .int()
  .min(1, 'must be 1 or more')
  .max(2_000_000, 'must be 2000000 or less')
  .default(200_000)
  .describe('how many bytes, the latest')

interface Moved {
  readonly task_id: string
  readonly status: string
  readonly assignee?: string | null
}

export const taskRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/tasks',
    operation: 'create',
    body: Object.keys(newTask.shape),
    answer: 'Created',
    shape: ({ task_id: _id, status: _status, ...made }: Moved) => made,
  },
  {
    method: 'post',
    path: '/tasks/bulk',
    operation: 'bulk',
    body: Object.keys(bulkChange.shape),
    answer: 'Bulk',
  },
  {
    method: 'get',
    path: '/tasks/{task_id}',
    operation: 'details',
    query: ['events'],
    answer: 'Shown',
    shape: shownTask,
  },
  {
    method: 'patch',
    path: '/tasks/{task_id}',
    operation: 'update',
    body: Object.keys(taskChange.shape),
    answer: 'TaskAnswer',
    says:
      'The status names the goal, and a verb leads there or is refused: done completes, blocked blocks, archived ' +
      'archives, ready unblocks, reopens or moves, todo reopens or moves, triage moves; running is for a claim alone.',
  },
  {
    method: 'post',
    path: '/tasks/{task_id}/comments',
    operation: 'comment',
    body: ['body'],
    answer: 'Done',
    shape: ok,
  },
  {
    method: 'post',
    path: '/tasks/{task_id}/reclaim',
    operation: 'reclaim',
    body: ['reason'],
    answer: 'DoneTo',
    shape: moved,
  },
  {
    method: 'post',
    path: '/tasks/{task_id}/reassign',
    operation: 'reassign',
    body: { profile: 'assignee', reclaim_first: 'reclaim', reason: 'reason' },
    narrowed: { assignee: somebody },
    answer: 'DoneTo',
    shape: moved,
  },
  {
    method: 'post',
    path: '/tasks/{task_id}/promote',
    operation: 'promote',
    body: [],
    answer: 'DoneTo',
    shape: moved,
  },
  {
    method: 'get',
    path: '/tasks/{task_id}/log',
    operation: 'log',
    query: ['tail'],
    narrowed: { tail },
    answer: 'Log',
    shape: ({ text, ...log }: { readonly text: string }) => ({ ...log, content: text }),
  },
  {
    method: 'get',
    path: '/tasks/{task_id}/log/stream',
    operation: 'log',
    query: ['tail'],
    fixed: { follow: true },
    narrowed: { tail },
    answer: 'LogPiece',
    live: true,
    shape: ({ task_id, text }: LogPiece) => ({ task_id, text }),
    says: 'First the tail, then whole lines as they are written, until the reader hangs up.',
  },
]

function moved({ task_id, status, assignee }: Moved) {
  return { ok: true as const, task_id, status, ...(assignee === undefined ? {} : { assignee }) }
}
