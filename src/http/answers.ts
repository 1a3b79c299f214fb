/** What the routes answer with, as schemas: the OpenAPI document and the page's types are made of them. */

import { z } from 'zod'
import { report } from '../dispatcher/report.ts'
import { boardFacts } from '../model/board.ts'
import { card, cardReason, warningSummary } from '../model/card.ts'
import { comment } from '../model/comment.ts'
import { event } from '../model/event.ts'
import { run } from '../model/run.ts'
import { task } from '../model/task.ts'

const count = z.number().int()
const seconds = z.number().int()
const slug = z.string().describe('the board, by its slug')

/** Every refusal, whatever its status. */
export const refusal = z.object({
  detail: z.string().describe('what was asked, why not, what to do: one sentence'),
  code: z.string().describe('the same for programs'),
  facts: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('behind the sentence: the current status, open parents, faults by field'),
})

/** How things stand on this machine, apart from any one task. Changes without events. */
export const situation = z.object({
  dispatcher: z.object({
    alive: z.boolean().describe('whether anything of this home starts work'),
    pid: z.number().int().nullable(),
    since: seconds.nullable(),
  }),
  gateway: z
    .object({
      pid: z.number().int(),
      since: seconds,
      parts: z.record(
        z.string(),
        z.object({
          state: z.enum(['starting', 'on', 'off', 'failed']),
          says: z.string(),
          warning: z.string().nullable(),
        }),
      ),
    })
    .nullable()
    .describe('null while none runs'),
  warnings: z.array(z.string()).describe('what is wrong although everything runs'),
  ready: z.object({
    held: z
      .record(z.string(), cardReason)
      .describe(
        'by assignee ("" for nobody): what holds back every ready task of it. It comes before the `why` of the task itself',
      ),
    free: z.string().describe('said of a ready task that nothing holds back'),
  }),
})

export const column = z.object({ name: z.string(), tasks: z.array(card) })

export const board = z.object({
  board: slug,
  identity: z.string().describe('of the file: another one after it was put in place of this'),
  columns: z
    .array(column)
    .describe('in order; statuses of other programs at the end. Tasks as they would be dispatched'),
  tenants: z.array(z.string()),
  assignees: z.array(z.string()),
  latest_event_id: z.number().int(),
  now: seconds,
  whole: z.boolean().describe('false: only what changed after `since`'),
  left: z
    .array(z.string())
    .describe('ids that changed after `since` and are not in this view (any more), or are gone'),
  situation,
})

const neighbour = z.object({
  id: z.string(),
  title: z.string(),
  status: z.string(),
  assignee: z.string().nullable(),
})

export const taskWarnings = warningSummary.extend({
  phantoms: z.array(z.string()).describe('ids that were named and are on no card'),
  events: z.array(event),
})

export const shown = z.object({
  task: task.extend({ warnings: taskWarnings }),
  comments: z.array(comment),
  events: z.array(event).describe('the newest, oldest first'),
  links: z.object({ parents: z.array(z.string()), children: z.array(z.string()) }),
  parents: z.array(neighbour),
  children: z.array(neighbour),
  runs: z.array(run).describe('oldest first'),
  latest_summary: z.string().nullable().describe('in full'),
  note: z.string().nullable().describe('of a running task: what its worker said last'),
  why: z.object({
    why: z.string().describe('one sentence, without the id'),
    next: z.string().nullable().describe('what a person can do about it, as a command'),
    until: seconds.nullable().describe('when it ends by itself, where that is known'),
  }),
  log: z.object({ path: z.string(), exists: z.boolean(), size_bytes: count }),
  board: slug,
  latest_event_id: z.number().int(),
  now: seconds,
})

export const taskAnswer = z.object({ task })

export const created = z.object({
  task,
  created: z.boolean().describe('false: an open task has this idempotency key'),
  warning: z.string().optional().describe('nothing here starts it by itself'),
  hint: z.string().optional().describe('what to do so that it starts'),
})

export const done = z.object({ ok: z.literal(true) })

export const doneTo = done.extend({
  task_id: z.string(),
  status: z.string().optional(),
  assignee: z.string().nullable().optional(),
})

export const bulk = z.object({
  results: z.array(
    z.object({
      id: z.string(),
      ok: z.boolean(),
      error: z.string().optional(),
      code: z.string().optional(),
    }),
  ),
})

export const graph = z.object({
  nodes: z.array(neighbour),
  links: z.array(z.object({ parent_id: z.string(), child_id: z.string() })),
})

export const found = z.object({ ids: z.array(z.string()) })

export const log = z.object({
  task_id: z.string(),
  path: z.string(),
  exists: z.boolean(),
  size_bytes: count,
  content: z.string().describe('whole lines'),
  truncated: z.boolean().describe('there is more before it'),
  elsewhere: z
    .object({ run_id: z.number().int(), host: z.string() })
    .nullable()
    .describe('the latest run that is on another machine, and its log with it'),
})

export const stats = z.object({
  by_status: z.record(z.string(), count),
  by_assignee: z.record(z.string(), z.record(z.string(), count)),
  oldest_ready_age_seconds: seconds.nullable(),
  now: seconds,
})

export const assignees = z.object({
  assignees: z.array(
    z.object({
      name: z.string(),
      on_disk: z.boolean().describe('a profile here: it can be started'),
      counts: z.record(z.string(), count),
    }),
  ),
})

export const pageConfig = z.object({
  default_tenant: z.string(),
  lane_by_profile: z.boolean(),
  include_archived_by_default: z.boolean(),
  render_markdown: z.boolean(),
})

const listedBoard = boardFacts.extend({
  current: z.boolean(),
  by_status: z.record(z.string(), count).nullable().describe('null when it cannot be opened'),
})

export const boards = z.object({ boards: z.array(listedBoard), current: slug })
export const boardAnswer = z.object({ board: boardFacts })
export const removedBoard = z.object({ slug, kept_at: z.string().nullable() })
export const switched = z.object({
  current: slug,
  pinned_by: z.string().nullable().describe('a variable that comes first'),
})

const subscription = z.object({
  task_id: z.string(),
  platform: z.string(),
  chat_id: z.string(),
  thread_id: z.string(),
  user_id: z.string().nullable(),
  created_at: seconds,
  last_event_id: z.number().int(),
  send_failures: count,
})

export const subscriptions = z.object({ subscriptions: z.array(subscription) })

export const ticket = z.object({
  ticket: z.string().describe('opens the socket once'),
  expires_in: seconds,
})

/** A message of the socket. */
export const happened = z.object({ events: z.array(event), cursor: z.number().int() })

/** A message of the log's stream. */
export const logPiece = z.object({ task_id: z.string(), text: z.string() })

export { report }

/** By the names that they have in the OpenAPI document. */
export const answers = {
  Assignees: assignees,
  Board: board,
  BoardAnswer: boardAnswer,
  Boards: boards,
  Bulk: bulk,
  Created: created,
  Done: done,
  DoneTo: doneTo,
  Found: found,
  Graph: graph,
  Happened: happened,
  Log: log,
  LogPiece: logPiece,
  PageConfig: pageConfig,
  Refusal: refusal,
  RemovedBoard: removedBoard,
  Report: report,
  Shown: shown,
  Situation: situation,
  Stats: stats,
  Subscriptions: subscriptions,
  Switched: switched,
  TaskAnswer: taskAnswer,
  Ticket: ticket,
} as const

export type AnswerName = keyof typeof answers

/** Parts of answers that have a name of their own. */
export const parts = {
  Card: card,
  Comment: comment,
  Event: event,
  Neighbour: neighbour,
  Run: run,
  Task: task,
} as const
