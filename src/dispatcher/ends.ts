/** What the events tell of the runs of this installation: the log's account of how they end, whoever ended them, and whether they start. */

import type { Board } from '../board/board.ts'
import { isHere } from '../board/here.ts'
import { type EventRow, eventOf } from '../board/rows.ts'
import { utcTime } from '../lib/clock.ts'
import type { Level, Log } from '../lib/log.ts'
import { cut, oneLine } from '../lib/text.ts'
import type { EventKind } from '../model/event.ts'
import { sql, words } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'
import type { Looked } from './look.ts'

/** How many ends of one board one look tells at most. */
const batch = 200

/** Bytes of a reason that are kept: a person skims these lines. */
const longestReason = 200

interface End extends EventRow {
  readonly profile: string | null
  readonly summary: string | null
  readonly error: string | null
}

type Told = readonly [level: Level, says: string, reason: unknown]

const tellings = {
  completed: ({ summary }) => ['info', 'completed', summary],
  blocked: ({ summary }, { reason }) => ['info', 'blocked', reason ?? summary],
  reclaimed: ({ summary }, { reason }) => ['warn', 'was taken back', reason ?? summary],
  rate_limited: ({ error }, { retry_at }) => [
    'warn',
    isTime(retry_at) ? `is rate limited until ${utcTime(retry_at)}` : 'is rate limited',
    error,
  ],
  crashed: ({ error }) => ['warn', 'crashed and is tried again', error],
  timed_out: ({ error }) => ['warn', 'timed out and is tried again', error],
  spawn_failed: ({ error }) => ['warn', 'could not be started and is tried again', error],
  gave_up: ({ error }) => ['error', 'gave up', error],
} as const satisfies Partial<
  Record<EventKind, (end: End, payload: Readonly<Record<string, unknown>>) => Told>
>

type Kind = keyof typeof tellings | 'spawned'

const kinds: readonly [Kind, ...Kind[]] = ['spawned', ...(Object.keys(tellings) as Kind[])]

export interface Telling {
  readonly host: string
  readonly log: Log
  /** Called with whether a run came to have its worker. */
  readonly onLaunch: (well: boolean) => void
}

/** Returns what is to be called after each look at a board. The first tells nothing: all of that is over. */
export function tellEnds({ host, log, onLaunch }: Telling): (looked: Looked) => Promise<void> {
  const cursors = new WeakMap<Board, number>()

  return async ({ board, latest }) => {
    const since = cursors.get(board) ?? latest
    cursors.set(board, since)
    if (since === latest) return
    const ends = await board.store.read((reader) => endsAfter(reader, since, host))
    const last = ends.at(-1)?.id ?? 0
    cursors.set(board, ends.length === batch ? last : Math.max(latest, last))
    for (const end of ends) {
      const kind = end.kind as Kind
      if (kind === 'spawned' || kind === 'spawn_failed') onLaunch(kind === 'spawned')
      if (kind !== 'spawned') tell(end, tellings[kind])
    }
  }

  function tell(end: End, telling: (typeof tellings)[keyof typeof tellings]): void {
    const [level, says, why] = telling(end, eventOf(end).payload ?? {})
    const reason = typeof why === 'string' ? cut(oneLine(why), longestReason) : ''
    log[level](`run ${end.run_id} of ${end.task_id} ${says}`, {
      profile: end.profile ?? undefined,
      reason: reason === '' ? undefined : reason,
    })
  }
}

/** Another program may have written anything. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < 1e11
}

/** In the order in which they happened. */
export function endsAfter(reader: Reader, since: number, host: string): Promise<End[]> {
  return reader.all<End>(sql`
    select event.id, event.task_id, event.run_id, event.kind, event.payload, event.created_at,
      run.profile, run.summary, run.error
    from task_events event join task_runs run on run.id = event.run_id
    where event.id > ${since} and event.kind in (${words(...kinds)}) and ${isHere('run', host)}
    order by event.id limit ${batch}`)
}
