/** Boards to measure on, and what their tasks are made of. */

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Board, openBoard } from '../src/board/board.ts'
import { systemClock } from '../src/lib/clock.ts'
import { type NewTask, newTask } from '../src/model/task.ts'
import { sql } from '../src/store/sql.ts'

/** As people and agents make them. */
export const input: NewTask = newTask.parse({
  title: 'Translate the release notes',
  body: 'Into German and French. Keep the headings, and leave the names of commands as they are.',
  assignee: 'writer',
})

export const summary = 'Both translations are in notes/de.md and notes/fr.md.'

/** The board of a home in `folder`. The caller closes its store. */
export function boardIn(folder: string): Promise<Board> {
  return boardAt(join(folder, 'kanban.db'), 'default', join(folder, 'kanban'))
}

/** `database` is a path or a URL. */
export function boardAt(database: string, slug: string, folder = ''): Promise<Board> {
  const place = {
    slug,
    database,
    workspaces: join(folder, 'workspaces'),
    logs: join(folder, 'logs'),
  }
  return openBoard(place, systemClock)
}

export interface Crowd {
  readonly status: string
  readonly count: number
  /** Empty: nobody's. Several: in turn. */
  readonly assignees?: readonly string[]
  /** Prefix of their ids: `<name>_<number>`. */
  readonly name: string
}

/** Many tasks at once, each with its `created` event, past our code: filling must not be what takes long. */
export function fill(board: Board, crowds: readonly Crowd[]): void {
  const database = new DatabaseSync(board.database)
  database.exec('pragma synchronous = off; begin')
  for (const { status, count, assignees = [], name } of crowds) {
    const names = JSON.stringify(assignees)
    database
      .prepare(`
        with recursive n(i) as (select 0 union all select i + 1 from n where i < ? - 1)
        insert into tasks (id, title, body, assignee, status, created_by, created_at)
        select ? || '_' || i, ?, ?, json_extract(?, '$[' || (i % max(1, json_array_length(?))) || ']'),
          ?, 'user', unixepoch() - 1000 + i / 100
        from n`)
      .run(count, name, input.title, input.body ?? null, names, names, status)
    database
      .prepare(`
        insert into task_events (task_id, kind, payload, created_at)
        select id, 'created', '{"status":"ready"}', created_at from tasks where id like ? || '\\_%' escape '\\'`)
      .run(name)
  }
  database.exec('commit')
  database.close()
}

/** Child number i waits for the parents i … i + `each` - 1, around the end of `parents`. */
export function fillLinks(board: Board, children: Crowd, parents: Crowd, each: number): void {
  const database = new DatabaseSync(board.database)
  database.exec('pragma synchronous = off; begin')
  // A number is bound as a real, and the remainder would be one too.
  database
    .prepare(`
      with recursive n(i) as (select 0 union all select i + 1 from n where i < ? - 1),
        k(j) as (select 0 union all select j + 1 from k where j < ? - 1)
      insert into task_links (parent_id, child_id)
      select ? || '_' || ((i + j) % ?), ? || '_' || i from n, k`)
    .run(children.count, each, parents.name, BigInt(parents.count), children.name)
  database.exec('commit')
  database.close()
}

/** The board of `root` as it is after weeks, ten times `tenth` tasks: half of it done, with hand-offs, comments, and links between. */
export async function fillWeeks(root: string, tenth: number): Promise<void> {
  const board = await boardIn(root)
  const assignees = ['ana', 'ben', 'eva', 'ida', 'tom']
  const statuses = ['triage', 'todo', 'ready', 'running', 'blocked', ...Array(5).fill('done')]
  const crowds = statuses.map(
    (status, at): Crowd => ({ name: `t${at}`, status, count: tenth, assignees }),
  )
  fill(board, crowds)
  const [, todo, ready] = crowds
  const [last, other] = crowds.toReversed()
  if (todo && ready) fillLinks(board, todo, ready, Math.min(5, tenth))
  if (last && other) fillLinks(board, last, other, Math.min(5, tenth))
  await board.store.write(async (tx) => {
    await tx.run(sql`
      insert into task_runs (task_id, profile, status, outcome, summary, started_at, ended_at)
      select id, assignee, 'done', 'completed', ${summary}, created_at, created_at
      from tasks where status = 'done'`)
    await tx.run(sql`
      insert into task_comments (task_id, author, body, created_at)
      select id, 'user', 'Fine.', created_at from tasks where status in ('done', 'blocked')`)
  })
  await board.store.close()
}
