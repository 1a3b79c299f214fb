/** Backlog.md: one Markdown file for each task, what it is told in front matter. https://github.com/MrLesk/Backlog.md */

import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { oneLine } from '../../lib/text.ts'
import { BoardError } from '../../model/error.ts'
import type { Findings, Remark, Tracked } from './trackers.ts'

/** Dates and numbers are text here; a single name may stand for a list of one. */
const scalar = z.union([z.string(), z.number(), z.boolean(), z.date()]).transform(String)
const several = z
  .union([z.array(scalar), scalar.transform((one) => [one])])
  .nullish()
  .transform((all) => all ?? [])

const frontMatter = z.object({
  id: scalar,
  title: scalar,
  status: scalar.nullish(),
  assignee: several,
  labels: several,
  dependencies: several,
  priority: scalar.nullish(),
  milestone: scalar.nullish(),
  parent_task_id: scalar.nullish(),
})

const priorities: Readonly<Record<string, number>> = { high: 1, medium: 0, low: -1 }

/**
 * Reads the folder `backlog` of a repository, or the repository. Drafts and open tasks are open, those
 * under `completed` done; its archive stays out. A task waits for its dependencies and its subtasks.
 */
export async function readBacklog(path: string): Promise<Findings> {
  const folder = [path, join(path, 'backlog'), join(path, '.backlog')].find((one) =>
    existsSync(join(one, 'tasks')),
  )
  if (folder === undefined) {
    throw new BoardError(
      'not_found',
      `${path} has no tasks of Backlog.md: name the folder that holds tasks/, or its repository`,
      { path },
    )
  }
  const left: Remark[] = []
  const changed: Remark[] = []
  const read: (Tracked & { readonly above: string | undefined })[] = []
  for (const [place, done] of Object.entries({ tasks: false, drafts: false, completed: true })) {
    for (const name of await pages(join(folder, place))) {
      const text = await readFile(join(folder, place, name), 'utf8')
      try {
        read.push(await taskIn(text, done, changed))
      } catch (error) {
        left.push({ what: `${place}/${name}`, why: whyNot(error) })
      }
    }
  }
  for (const name of await pages(join(folder, 'archive', 'tasks'))) {
    left.push({ what: name, why: 'it is archived there' })
  }
  return { tracker: 'backlog', tasks: withSubtasks(read), changed, left }
}

async function pages(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => name.endsWith('.md')).sort()
}

async function taskIn(text: string, completed: boolean, changed: Remark[]) {
  const { parse } = await import('yaml')
  const [, head, rest = ''] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?([\s\S]*)$/.exec(text) ?? []
  if (head === undefined) throw new Error('it has no front matter')
  const facts = frontMatter.parse(parse(head))
  const key = facts.id.toLowerCase()
  const done = completed || /^(done|complete|completed)$/i.test(facts.status ?? '')
  const [first, ...others] = facts.assignee.map((name) => name.replace(/^@/, ''))
  if (others.length > 0) {
    changed.push({ what: key, why: `is given to ${first} alone, not to ${others.join(', ')} too` })
  }
  if (!done && /progress/i.test(facts.status ?? '')) {
    changed.push({ what: key, why: 'was in progress there; here nobody works on it' })
  }
  const told = [
    ['labels', facts.labels.join(', ')],
    ['milestone', facts.milestone ?? ''],
    ['from', `Backlog.md ${facts.id}`],
  ].flatMap(([name, value]) => (value === '' ? [] : `${name}: ${oneLine(value as string)}`))
  return {
    key,
    title: facts.title,
    body: `${withoutMarks(rest)}\n\n${told.join(' · ')}`.trim(),
    assignee: first || null,
    priority: priorities[facts.priority?.toLowerCase() ?? ''] ?? 0,
    done,
    summary: null,
    after: facts.dependencies.map((id) => id.toLowerCase()),
    comments: [],
    above: facts.parent_task_id?.toLowerCase(),
  }
}

/** Its own marks of where a section begins and ends mean nothing to a worker. */
function withoutMarks(text: string): string {
  return text
    .replace(/^<!-- [A-Z]+(:[A-Z_]+)*:?(BEGIN|END) -->\r?\n?/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function withSubtasks(
  read: readonly (Tracked & { readonly above: string | undefined })[],
): Tracked[] {
  const below = Map.groupBy(read, ({ above }) => above)
  return read.map(({ above: _, ...task }) => ({
    ...task,
    after: [...new Set([...task.after, ...(below.get(task.key) ?? []).map(({ key }) => key)])],
  }))
}

function whyNot(error: unknown): string {
  if (error instanceof z.ZodError) {
    return `its front matter cannot be used: ${error.issues.map(({ path }) => path.join('.')).join(', ')}`
  }
  return error instanceof Error ? (oneLine(error.message).split(': ')[0] as string) : String(error)
}
