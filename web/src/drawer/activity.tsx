import type { Event, Shown } from '../../../src/http/types.ts'
import { useNow } from '../lib/clock.ts'
import { dateOf } from '../lib/duration.ts'
import { line } from '../lib/text.ts'
import { Empty } from '../ui/empty.tsx'

interface Group {
  readonly run: number | null
  readonly events: Event[]
}

/** What happened to it, newest first, what belongs to one run together. */
export function Activity({ shown }: { readonly shown: Shown }) {
  const { events, runs } = shown
  const now = useNow()
  if (events.length === 0) return <Empty title="Nothing has happened yet" />
  const numbers = new Map(runs.map(({ id }, index) => [id, index + 1]))
  return (
    <ol className="grid gap-4">
      {grouped(events).map((group) => (
        <li key={group.events[0]?.id}>
          {group.run !== null && (
            <h3 className="mb-1 text-xs font-medium text-faint">
              Run {numbers.get(group.run) ?? group.run}
            </h3>
          )}
          <ol
            className={
              group.run === null ? 'grid gap-1.5' : 'grid gap-1.5 border-l-2 border-line pl-3'
            }
          >
            {group.events.map((event) => (
              <li key={event.id} className="flex gap-3">
                <time
                  title={dateOf(event.created_at)}
                  className="tabular w-20 shrink-0 text-xs leading-5 text-faint"
                >
                  {timeOf(event.created_at, now)}
                </time>
                <p className="foreign min-w-0">
                  <span className="font-medium">{line(event.kind.replaceAll('_', ' '))}</span>{' '}
                  <span className="text-soft">{saidBy(event)}</span>
                </p>
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ol>
  )
}

/** Newest first; what belongs to a run stands with it, whatever happened in between. */
function grouped(events: readonly Event[]): Group[] {
  const groups: Group[] = []
  for (const event of [...events].reverse()) {
    const { run_id: run } = event
    const known = run === null ? lastOf(groups) : groups.find((group) => group.run === run)
    if (known === undefined) groups.push({ run, events: [event] })
    else known.events.push(event)
  }
  return groups
}

/** The last one, where it is of no run. */
function lastOf(groups: readonly Group[]): Group | undefined {
  const last = groups.at(-1)
  return last?.run === null ? last : undefined
}

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })

/** With its day, where that is not today. */
function timeOf(seconds: number, now: number): string {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return ''
  const isToday = date.toDateString() === new Date(now * 1000).toDateString()
  return isToday ? time.format(date) : `${day.format(date)}, ${time.format(date).slice(0, 5)}`
}

/** `reason: which file?, by: ops`; what is empty is left out. */
function saidBy({ payload }: Event): string {
  const said = Object.entries(payload ?? {}).filter(
    ([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
  return line(
    said.map(([key, value]) => `${key.replaceAll('_', ' ')}: ${written(value, key)}`).join(', '),
  )
}

/** Under these names the board writes down unix seconds. */
const times = /^(expires|until|not_before|.*_at|.*_until)$/

function written(value: unknown, key = ''): string {
  if (typeof value === 'number' && times.test(key)) return dateOf(value)
  if (Array.isArray(value)) return value.map((one) => written(one)).join(' ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
