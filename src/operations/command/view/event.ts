import { oneLine } from '../../../lib/text.ts'
import type { Event } from '../../../model/event.ts'
import { dateOf, paint, type Style, timeOf } from '../style.ts'
import { clip, table } from '../table.ts'

/** What is seen live: time of day, task, kind, run, payload, title. */
export function liveLine(event: Event, title: string | undefined, style: Style): string {
  const colours = paint(style)
  const said = [
    colours.gray(timeOf(event.created_at)),
    colours.bold(event.task_id),
    colours.cyan(oneLine(event.kind)),
    runOf(event),
    clip(payloadOf(event), 160),
    title === undefined ? '' : colours.gray(clip(oneLine(title), 80)),
  ]
  return said.filter(Boolean).join('  ')
}

/** The history of one task, aligned. */
export function eventLines(events: readonly Event[], style: Style): string[] {
  const colours = paint(style)
  return table(
    events.map((event) => [
      { text: dateOf(event.created_at), paint: colours.gray },
      { text: oneLine(event.kind), paint: colours.cyan },
      { text: runOf(event) },
      { text: clip(payloadOf(event), 160) },
    ]),
    style.width,
  )
}

function runOf(event: Event): string {
  return event.run_id === null ? '' : `#${event.run_id}`
}

/** `reason: which file?, by: ops`; what is empty, or is shown beside it, is left out. */
function payloadOf({ payload }: Event): string {
  const said = Object.entries(payload ?? {}).filter(
    ([key, value]) => !isEmpty(value) && key !== 'run_id',
  )
  return oneLine(said.map(([key, value]) => `${key}: ${written(key, value)}`).join(', '))
}

/** What stands in a payload as unix seconds. */
const times = new Set(['expires', 'retry_at'])

function written(key: string, value: unknown): string {
  if (times.has(key)) return dateOf(Number(value))
  if (Array.isArray(value)) return value.join(' ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0)
}
