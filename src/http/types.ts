/**
 * The REST surface for whoever calls it: `import type` from here. Types alone, inferred from the
 * schemas that the OpenAPI document is made of (`/api/openapi.json`, docs/reference/rest.md).
 *
 * All paths are below `/api/plugins/kanban` and take `?board=<slug>`; without it the current board is
 * meant. The page is authorised by its cookie: `fetch` as usual, no header needed (the browser's own
 * `Origin` or `Sec-Fetch-Site` proves the same origin). Every refusal is `Refusal`, with 400, 401, 403,
 * 404, 405, 409, 413, 422 or 5xx; an empty body is sent as `{}` or not at all.
 *
 *   GET    /board?tenant=&include_archived=&since=&identity=   Board; ETag and If-None-Match → 304.
 *            `since` (+ `identity` of the answer before): only what changed, unless `whole`.
 *            ready task: situation.ready.held[assignee ?? ''] ?? card.why ?? situation.ready.free
 *   GET    /situation                          Situation: small, for polling (no dispatcher, holds, caps)
 *   GET    /search?q=&tenant=&include_archived=    Found: id, title, body, assignee, summary contain q
 *   GET    /tasks/:id?events=200               Shown (`:id` may be the beginning of one)
 *   POST   /tasks                NewTask       Created
 *   PATCH  /tasks/:id            TaskChange    TaskAnswer
 *   POST   /tasks/bulk           BulkChange    Bulk
 *   POST   /tasks/:id/comments   {body}        Done
 *   POST   /tasks/:id/reclaim    {reason?}     DoneTo
 *   POST   /tasks/:id/reassign   {profile, reclaim_first?, reason?}   DoneTo (profile "" or null: nobody)
 *   POST   /tasks/:id/promote                  DoneTo
 *   GET    /tasks/:id/log?tail=                Log (1 ≤ tail ≤ 2,000,000 bytes)
 *   GET    /tasks/:id/log/stream?tail=         text/event-stream: `data:` is LogPiece; first the tail, then what comes
 *   GET    /links?task_id=                     Graph: everything around a task, or all linked tasks of the board
 *   POST   /links                {parent_id, child_id}       Done
 *   DELETE /links?parent_id=&child_id=         Done
 *   GET    /stats                              Stats
 *   GET    /assignees                          Assignees
 *   GET    /config                             PageConfig
 *   GET    /boards                             Boards
 *   POST   /boards               {slug, name?, description?, icon?, color?, default_workdir?}   BoardAnswer
 *   PATCH  /boards/:slug         the same without slug       BoardAnswer
 *   DELETE /boards/:slug?delete=               RemovedBoard: put away, or deleted for good
 *   POST   /boards/:slug/switch                Switched
 *   POST   /dispatch?dry_run=&max=             Report
 *   GET    /notify?task_id=                    Subscriptions
 *   POST   /notify               {task_id, platform, chat_id, thread_id?, user_id?}   Done
 *   DELETE /notify?task_id=&platform=&chat_id=&thread_id=    Done
 *   POST   /tickets                            Ticket: for `?ticket=` of the socket, where no cookie is sent
 *   WS     /events?since=                      Happened, oldest first, at most 200 events a message. Close codes:
 *            1008 not authorised (stop), 1013 too slow (resume after `cursor`), 1001 the server ends (retry), 4404 no such board
 *
 * What reads this file is compiled with `"types": ["node"]` too: the schemas use it.
 * Outside of those paths: GET /api/openapi.json, GET /api/reference (for people), GET / and /assets/* (the page).
 */

import type { z } from 'zod'
import type { bulkChange, taskChange } from '../model/change.ts'
import type { newTask } from '../model/task.ts'
import type * as answer from './answers.ts'

export type { Card, CardReason } from '../model/card.ts'
export type { Comment } from '../model/comment.ts'
export type { Event, EventKind } from '../model/event.ts'
export type { Outcome, Run } from '../model/run.ts'
export type { Status } from '../model/status.ts'
export type { BlockKind, Task, WorkspaceKind } from '../model/task.ts'

export type NewTask = z.input<typeof newTask>
export type TaskChange = z.input<typeof taskChange>
export type BulkChange = z.input<typeof bulkChange>

export type Refusal = z.output<typeof answer.refusal>
export type Situation = z.output<typeof answer.situation>
export type Gateway = NonNullable<Situation['gateway']>
export type Column = z.output<typeof answer.column>
export type Board = z.output<typeof answer.board>
export type Shown = z.output<typeof answer.shown>
export type Neighbour = Shown['parents'][number]
export type TaskAnswer = z.output<typeof answer.taskAnswer>
export type Created = z.output<typeof answer.created>
export type Done = z.output<typeof answer.done>
export type DoneTo = z.output<typeof answer.doneTo>
export type Bulk = z.output<typeof answer.bulk>
export type Graph = z.output<typeof answer.graph>
export type Found = z.output<typeof answer.found>
export type Log = z.output<typeof answer.log>
export type LogPiece = z.output<typeof answer.logPiece>
export type Stats = z.output<typeof answer.stats>
export type Assignees = z.output<typeof answer.assignees>
export type PageConfig = z.output<typeof answer.pageConfig>
export type Boards = z.output<typeof answer.boards>
export type BoardAnswer = z.output<typeof answer.boardAnswer>
export type RemovedBoard = z.output<typeof answer.removedBoard>
export type Switched = z.output<typeof answer.switched>
export type Subscriptions = z.output<typeof answer.subscriptions>
export type Report = z.output<typeof answer.report>
export type Ticket = z.output<typeof answer.ticket>
export type Happened = z.output<typeof answer.happened>
