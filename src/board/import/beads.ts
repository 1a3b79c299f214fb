/** beads: one issue to a line of JSON. https://github.com/steveyegge/beads */

import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { jsonIn } from '../../lib/json.ts'
import { BoardError } from '../../model/error.ts'
import type { Findings, Remark, Tracked } from './trackers.ts'

const issue = z.object({
  id: z.string().min(1),
  title: z.string(),
  description: z.string().nullish(),
  design: z.string().nullish(),
  acceptance_criteria: z.string().nullish(),
  notes: z.string().nullish(),
  status: z.string(),
  priority: z.number().nullish(),
  issue_type: z.string().nullish(),
  assignee: z.string().nullish(),
  close_reason: z.string().nullish(),
  labels: z.array(z.string()).nullish(),
  dependencies: z.array(z.object({ depends_on_id: z.string(), type: z.string() })).nullish(),
  comments: z.array(z.object({ author: z.string(), text: z.string() })).nullish(),
})

type Issue = z.output<typeof issue>

/** Where a repository keeps them, newest shape first. */
const places = ['', '.beads/issues.jsonl', '.beads/beads.jsonl', 'issues.jsonl', 'beads.jsonl']

/**
 * Reads an export, or that of a repository. Closed issues are done; an issue waits for what blocks it,
 * an epic for its children; other kinds of relations are left out.
 */
export async function readBeads(path: string): Promise<Findings> {
  const file = places
    .map((place) => join(path, place))
    .find((one) => existsSync(one) && statSync(one).isFile())
  if (file === undefined) {
    throw new BoardError(
      'not_found',
      `${path} has no issues of beads: name the issues.jsonl, or its repository`,
      { path },
    )
  }
  const left: Remark[] = []
  const changed: Remark[] = []
  const issues: Issue[] = []
  const lines = (await readFile(file, 'utf8')).split('\n')
  refuseExport(file, jsonIn(lines[0] ?? ''))
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const found = issue.safeParse(jsonIn(line)).data
    if (found === undefined) left.push({ what: `line ${index + 1}`, why: 'it is no issue' })
    else if (found.status === 'tombstone') left.push({ what: found.id, why: 'it is deleted there' })
    else issues.push(found)
  }
  const waits = waitsOf(issues, left)
  const tasks = issues.map((one) => taskOf(one, waits.get(one.id) ?? [], changed))
  return { tracker: 'beads', tasks, changed, left }
}

/** The same shape of file, and the first that comes to mind for a board's own. */
function refuseExport(file: string, first: unknown): void {
  if (typeof first !== 'object' || first === null || !('type' in first)) return
  if (first.type !== 'board' || 'id' in first) return
  throw new BoardError(
    'meaningless',
    `${file} is what \`hermes kanban export\` wrote, not issues of beads, so nothing was taken: take a board over by its kanban.db, with \`hermes kanban import hermes\``,
    { path: file },
  )
}

/** For each issue, what must be finished first. */
function waitsOf(issues: readonly Issue[], left: Remark[]): Map<string, string[]> {
  const waits = new Map<string, string[]>()
  const wait = (who: string, before: string): void => {
    waits.set(who, [...(waits.get(who) ?? []), before])
  }
  for (const { id, dependencies } of issues) {
    for (const { depends_on_id: other, type } of dependencies ?? []) {
      if (type === 'blocks') wait(id, other)
      else if (type === 'parent-child') wait(other, id)
      else
        left.push({
          what: `${id} -> ${other}`,
          why: `relations of kind ${type} have no place here`,
        })
    }
  }
  return waits
}

function taskOf(one: Issue, after: readonly string[], changed: Remark[]): Tracked {
  const { id, status, priority, labels, issue_type: kind } = one
  if (status === 'in_progress') {
    changed.push({ what: id, why: 'was in progress there; here nobody works on it' })
  }
  if (status === 'blocked' || status === 'deferred') {
    changed.push({ what: id, why: `was ${status} there; here it is open` })
  }
  const sections = [
    one.description,
    headed('Design', one.design),
    headed('Acceptance criteria', one.acceptance_criteria),
    headed('Notes', one.notes),
    [`from: beads ${id}`, kind && `type: ${kind}`, labels?.length && `labels: ${labels.join(', ')}`]
      .filter(Boolean)
      .join(' · '),
  ]
  return {
    key: id,
    title: one.title,
    body: sections.filter(Boolean).join('\n\n'),
    assignee: one.assignee?.replace(/^@/, '').trim() || null,
    // There 0 is the most urgent and 2 the usual; here larger numbers start first.
    priority: 2 - Math.trunc(priority ?? 2),
    done: status === 'closed',
    summary: one.close_reason?.trim() || null,
    after: [...new Set(after)],
    comments: (one.comments ?? []).filter(({ text }) => text.trim() !== ''),
  }
}

function headed(heading: string, text: string | null | undefined): string | undefined {
  return text?.trim() ? `## ${heading}\n\n${text}` : undefined
}
