/** One task with everything around it, as a person reads it. */

import type { Shown } from '../../../board/show.ts'
import { formatDuration } from '../../../lib/duration.ts'
import { firstLine, oneLine } from '../../../lib/text.ts'
import type { Comment } from '../../../model/comment.ts'
import type { Event } from '../../../model/event.ts'
import type { Task } from '../../../model/task.ts'
import { dateOf, paint, type Style } from '../style.ts'
import { table } from '../table.ts'
import { eventLines } from './event.ts'
import { runLines } from './run.ts'
import { statusPaint, taskLines } from './task.ts'

export function shownLines(shown: Shown, style: Style): string[] {
  const { task } = shown
  const inside = { ...style, width: style.width && style.width - 2 }
  return [
    `${paint(style).bold(task.id)}  ${oneLine(task.title)}`,
    ...facts(task, style),
    ...section('Body', (task.body ?? '').split('\n'), style),
    ...section('Latest summary', (shown.latest_summary ?? '').split('\n'), style),
    ...section('Result', (task.result ?? '').split('\n'), style),
    ...section('Parents', taskLines(shown.parents, inside), style),
    ...section('Children', taskLines(shown.children, inside), style),
    ...section('Comments', shown.comments.flatMap(commentLines), style),
    ...section('Runs', runLines(shown.runs, inside), style),
    ...section('Events', eventLines(shown.events, inside), style),
    ...section(
      'Warnings',
      shown.warnings.flatMap((event) => warningLines(task, event)),
      style,
    ),
  ]
}

function facts(task: Task, style: Style): string[] {
  const age = (seconds: number | null) =>
    seconds === null ? null : `${dateOf(seconds)} (${formatDuration(style.now - seconds)} ago)`
  const known: [string, string | number | null][] = [
    ['status', task.block_kind ? `${task.status} (${task.block_kind})` : task.status],
    ['assignee', task.assignee],
    ['tenant', task.tenant],
    ['priority', task.priority === 0 ? null : task.priority],
    ['workspace', [task.workspace_kind, task.workspace_path].filter(Boolean).join(' ')],
    ['branch', task.branch_name],
    ['skills', task.skills.join(', ') || null],
    ['model', task.model_override],
    ['host', task.host],
    ['time limit', task.max_runtime_seconds && formatDuration(task.max_runtime_seconds)],
    ['tries', task.max_retries],
    ['claimed by', until(task.claim_lock, task.claim_expires)],
    ['not before', task.not_before && task.not_before > style.now ? dateOf(task.not_before) : null],
    ['failures', task.consecutive_failures === 0 ? null : task.consecutive_failures],
    ['last error', task.last_failure_error && firstLine(task.last_failure_error)],
    [
      'created',
      [age(task.created_at), task.created_by && `by ${task.created_by}`].filter(Boolean).join(' '),
    ],
    ['started', age(task.started_at)],
    ['completed', age(task.completed_at)],
  ]
  const rows = known
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => [
      { text: `  ${name}`, paint: paint(style).gray },
      {
        text: oneLine(String(value)),
        paint: name === 'status' ? statusPaint(task.status, style) : undefined,
      },
    ])
  return table(rows, style.width)
}

function until(lock: string | null, expires: number | null): string | null {
  return lock && expires ? `${lock}, until ${dateOf(expires)}` : lock
}

function section(heading: string, lines: readonly string[], style: Style): string[] {
  if (lines.every((line) => line.trim() === '')) return []
  return ['', paint(style).bold(heading), ...lines.map((line) => `  ${line}`.trimEnd())]
}

function commentLines(comment: Comment): string[] {
  return [
    `${oneLine(comment.author)}, ${dateOf(comment.created_at)}:`,
    ...comment.body.split('\n').map((line) => `  ${line}`),
  ]
}

/** What is doubtful, and what to do about it. */
function warningLines(task: Task, event: Event): string[] {
  const { phantom_cards: cards, phantom_refs: refs } = event.payload ?? {}
  return event.kind === 'completion_blocked_hallucination'
    ? [
        `a completion named cards that do not exist: ${listed(cards)}`,
        `  complete it again without them, or give it to somebody else: hermes kanban complete ${task.id}`,
      ]
    : [
        `its hand-off mentions cards that do not exist: ${listed(refs)}`,
        `  check what it says, then hand over what is true: hermes kanban edit ${task.id} --summary "…"`,
      ]
}

function listed(ids: unknown): string {
  return Array.isArray(ids) ? ids.join(', ') : 'unknown'
}
