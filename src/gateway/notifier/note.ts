/** What a subscription is told: the event, and the words for it. */

import type { Untold } from '../../board/untold.ts'
import { formatDuration } from '../../lib/duration.ts'
import { plural } from '../../lib/plural.ts'
import { firstLine, oneLine } from '../../lib/text.ts'
import type { Told } from '../../model/event.ts'
import { clip } from '../chats/fit.ts'

export interface Note extends Pick<Untold, 'event' | 'task' | 'run'> {
  readonly kind: Told
  /** The slug of its board. */
  readonly board: string
}

const longest = { title: 120, summary: 200, reason: 160, error: 200 } as const

/** One line that says what happened, and one with what was left behind where there is anything. */
export function wordsFor(note: Note): string {
  const [line, below] = lines[note.kind](note)
  return below === '' ? line : `${line}\n${below}`
}

const lines: Readonly<Record<Told, (note: Note) => readonly [line: string, below: string]>> = {
  completed: (note) => [
    `✔ ${who(note)} done: ${title(note)}`,
    clip(firstLine(note.run?.summary || note.task.result || ''), longest.summary),
  ],
  blocked(note) {
    const reason = note.run?.summary || text(note, 'reason')
    const first = firstLine(reason)
    const more = oneLine(reason.slice(reason.indexOf(first) + first.length))
    const line = clip(first || title(note), longest.reason)
    return [`⏸ ${who(note)} blocked: ${line}`, clip(more, longest.reason)]
  },
  gave_up: (note) => [
    `✖ ${who(note)} gave up after ${count(note, 'failures')}: ${title(note)}`,
    clip(oneLine(text(note, 'error')), longest.error),
  ],
  crashed: (note) => [`✖ ${who(note)} crashed, will be tried again: ${title(note)}`, ''],
  timed_out(note) {
    const limit = formatDuration(number(note, 'limit_seconds'))
    return [
      `⏱ ${who(note)} ran into its limit of ${limit}, will be tried again: ${title(note)}`,
      '',
    ]
  },
}

function who({ run, task }: Note): string {
  const name = run?.profile ?? task.assignee
  return name === null ? task.id : `@${name} ${task.id}`
}

function title({ task }: Note): string {
  return clip(oneLine(task.title), longest.title)
}

function text({ event }: Note, key: string): string {
  const value = event.payload?.[key]
  return typeof value === 'string' ? value : ''
}

function number({ event }: Note, key: string): number {
  const value = event.payload?.[key]
  return typeof value === 'number' ? value : 0
}

/** What broke the rules at its first try has no failure counted. */
function count(note: Note, key: string): string {
  return plural(Math.max(1, number(note, key)), 'failure')
}
