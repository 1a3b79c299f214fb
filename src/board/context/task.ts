import { formatDuration } from '../../lib/duration.ts'
import { cut, fence } from '../../lib/text.ts'
import type { Reader } from '../../store/store.ts'
import { getTask } from '../find.ts'
import { named, type Section, word } from './section.ts'

const bodyLimit = 8 * 1024

/** The facts at the top, which are never cut, and the body. */
export async function taskFacts(
  reader: Reader,
  id: string,
): Promise<{ head: string; body: Section; assignee: string | null }> {
  const task = await getTask(reader, id)
  const workspace = [word(task.workspace_kind), task.workspace_path && named(task.workspace_path)]
  const facts: [string, string | null][] = [
    ['title', named(task.title, 1000)],
    ['status', word(task.status)],
    ['assignee', task.assignee && named(task.assignee)],
    ['tenant', task.tenant && named(task.tenant)],
    ['workspace', workspace.filter(Boolean).join(' ')],
    ['branch', task.branch_name && named(task.branch_name)],
    ['time limit', task.max_runtime_seconds && formatDuration(task.max_runtime_seconds)],
    ['tries in a row before it is given up', task.max_retries && String(task.max_retries)],
  ].map(([name, value]) => [String(name), value ? String(value) : null])
  const lines = facts.filter(([, value]) => value).map(([name, value]) => `- ${name}: ${value}`)
  return {
    head: [`# Task ${task.id}`, '', ...lines].join('\n'),
    body: {
      name: 'body',
      heading: '## What is to be done',
      blocks: task.body ? [fence(cut(task.body, bodyLimit))] : [],
      oldestFirst: false,
    },
    assignee: task.assignee,
  }
}
