/** A board for people: tasks by status, each with its runs and comments. What others wrote stands in fences. */

import { fence, neutralise, oneLine } from '../../lib/text.ts'
import type { BoardFacts } from '../../model/board.ts'
import type { Comment } from '../../model/comment.ts'
import type { Run } from '../../model/run.ts'
import { statusNames } from '../../model/status.ts'
import type { Task } from '../../model/task.ts'
import { anyOf, sql } from '../../store/sql.ts'
import type { Reader } from '../../store/store.ts'
import { when } from '../context/section.ts'
import { type RunRow, runColumns, runOf, type TaskRow, taskColumns, taskOf } from '../rows.ts'

/** Tasks at a time. Their ids alone are held for the whole board. */
const page = 100

/** All of it in one document, piece by piece. */
export async function* document(reader: Reader, facts: BoardFacts): AsyncGenerator<string> {
  const groups = await idsByStatus(reader)
  yield heading(facts, groups)
  for (const [status, ids] of groups) {
    yield `\n## ${inline(status)} (${ids.length})\n`
    for await (const task of told(reader, ids)) yield `\n${taskText(task, '###')}`
  }
}

export interface Sheet {
  /** The name of its file, without `.md`. */
  readonly name: string
  readonly text: string
}

/** A file for each task, and at last one of the board's name that lists them. */
export async function* sheets(reader: Reader, facts: BoardFacts): AsyncGenerator<Sheet> {
  const groups = await idsByStatus(reader)
  const list = [heading(facts, groups)]
  for (const [status, ids] of groups) {
    list.push(`\n## ${inline(status)} (${ids.length})\n\n`)
    for await (const task of told(reader, ids)) {
      const { id, title, assignee } = task.task
      const file = encodeURIComponent(id)
      const who = assignee === null ? '' : ` (${inline(assignee)})`
      list.push(`- [${inline(id)}](${encodeURIComponent(file)}.md) ${inline(title)}${who}\n`)
      yield { name: file, text: taskText(task, '#') }
    }
  }
  yield { name: facts.slug, text: list.join('') }
}

type Groups = readonly (readonly [status: string, ids: readonly string[]])[]

/** In the order of the statuses, those of other programs last; within one in dispatch order. */
async function idsByStatus(reader: Reader): Promise<Groups> {
  const rows = await reader.all<{ id: string; status: string }>(sql`
    select id, status from tasks order by status, priority desc, created_at, id`)
  const groups = new Map<string, string[]>(statusNames.map((status) => [status, []]))
  for (const { id, status } of rows) {
    const known = groups.get(status)
    if (known === undefined) groups.set(status, [id])
    else known.push(id)
  }
  return [...groups].filter(([, ids]) => ids.length > 0)
}

interface Told {
  readonly task: Task
  readonly parents: readonly string[]
  readonly runs: readonly Run[]
  readonly comments: readonly Comment[]
}

async function* told(reader: Reader, ids: readonly string[]): AsyncGenerator<Told> {
  for (let at = 0; at < ids.length; at += page) {
    const some = ids.slice(at, at + page)
    const tasks = await reader.all<TaskRow>(
      sql`select ${taskColumns} from tasks where id in ${anyOf(some)}`,
    )
    const links = await reader.all<{ task_id: string; parent_id: string }>(sql`
      select child_id as task_id, parent_id from task_links where child_id in ${anyOf(some)}
      order by parent_id`)
    const runs = await reader.all<RunRow>(
      sql`select ${runColumns} from task_runs where task_id in ${anyOf(some)} order by id`,
    )
    const comments = await reader.all<Comment>(sql`
      select id, task_id, author, body, created_at from task_comments
      where task_id in ${anyOf(some)} order by id`)
    const byId = new Map(tasks.map((task) => [task.id, task]))
    const of = { links: byTask(links), runs: byTask(runs), comments: byTask(comments) }
    for (const id of some) {
      const task = byId.get(id)
      if (task === undefined) continue
      yield {
        task: taskOf(task),
        parents: (of.links.get(id) ?? []).map((link) => link.parent_id),
        runs: (of.runs.get(id) ?? []).map(runOf),
        comments: of.comments.get(id) ?? [],
      }
    }
  }
}

function byTask<Row extends { readonly task_id: string }>(rows: readonly Row[]) {
  return Map.groupBy(rows, (row) => row.task_id)
}

function heading({ name, description }: BoardFacts, groups: Groups): string {
  const counts = groups.map(([status, ids]) => `${ids.length} ${inline(status)}`)
  return [
    `# Board ${inline(name)}`,
    ...quoted(undefined, description),
    counts.length === 0 ? 'No tasks.\n' : `${counts.join(', ')}.\n`,
  ].join('\n\n')
}

function taskText({ task, parents, runs, comments }: Told, level: '#' | '###'): string {
  const parts = [
    `${level} ${inline(task.id)} ${inline(task.title)}`,
    facts(task, parents),
    ...quoted(undefined, task.body),
    ...quoted('Result', task.result),
    ...quoted('Last failure', task.last_failure_error),
    ...(runs.length === 0 ? [] : [`${level}# Runs`, ...runs.flatMap(runParts)]),
    ...(comments.length === 0 ? [] : [`${level}# Comments`, ...comments.flatMap(commentParts)]),
  ]
  return `${parts.join('\n\n')}\n`
}

function facts(task: Task, parents: readonly string[]): string {
  const { assignee, tenant, priority, created_at, created_by, completed_at, skills } = task
  const by = created_by === null ? '' : ` by ${inline(created_by)}`
  return [
    `- Status: ${inline(task.status)}`,
    ...(assignee === null ? [] : [`- Assignee: ${inline(assignee)}`]),
    ...(tenant === null ? [] : [`- Tenant: ${inline(tenant)}`]),
    ...(priority === 0 ? [] : [`- Priority: ${priority}`]),
    ...(parents.length === 0 ? [] : [`- After: ${parents.map(inline).join(', ')}`]),
    ...(skills.length === 0 ? [] : [`- Skills: ${skills.map(inline).join(', ')}`]),
    `- Created: ${when(created_at)}${by}`,
    ...(completed_at === null ? [] : [`- Completed: ${when(completed_at)}`]),
  ].join('\n')
}

function runParts(run: Run): string[] {
  const who = run.profile === null ? '' : ` by ${inline(run.profile)}`
  const end = run.ended_at === null ? 'now' : when(run.ended_at)
  return [
    `Run ${run.id}: ${inline(run.outcome ?? 'under way')}${who}, ${when(run.started_at)} to ${end}`,
    ...quoted('Summary', run.summary),
    ...quoted('Error', run.error),
    ...quoted('Metadata', run.metadata === null ? null : JSON.stringify(run.metadata, null, 2)),
  ]
}

function commentParts({ author, body, created_at }: Comment): string[] {
  return quoted(`${inline(author)}, ${when(created_at)}`, body)
}

/** A fence, whose text nothing in it can end, below what it is. */
function quoted(label: string | undefined, text: string | null): string[] {
  if (!text) return []
  return [...(label === undefined ? [] : [`${label}:`]), fence(neutralise(text))]
}

/** Within a line of ours: no mark-up, no second line. */
function inline(text: string): string {
  return oneLine(neutralise(text)).replace(/[\\`*{}[\]<>#!|~&$]|(?<!\w)_|_(?!\w)/g, '\\$&')
}
