/** The log's account of how runs of this installation end, whoever ended them. */

import type { Board } from '../board/board.ts'
import { isHere } from '../board/here.ts'
import { latestEventId } from '../board/history.ts'
import { type EventRow, eventOf } from '../board/rows.ts'
import { utcTime } from '../lib/clock.ts'
import type { Level, Log } from '../lib/log.ts'
import { cut, oneLine } from '../lib/text.ts'
import type { EventKind } from '../model/event.ts'
import { sql, words } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'

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

const kinds = Object.keys(tellings) as [keyof typeof tellings, ...(keyof typeof tellings)[]]

/** Returns what is to be called with a board now and then. The first look tells nothing: all of that is over. */
export function tellEnds(host: string, log: Log): (board: Board) => Promise<void> {
  const cursors = new WeakMap<Board, number>()

  return async (board) => {
    const since = cursors.get(board)
    if (since === undefined) {
      cursors.set(board, await board.store.read(latestEventId))
      return
    }
    const { latest, ends } = await board.store.read(async (reader) => ({
      latest: await latestEventId(reader),
      ends: await endsAfter(reader, since, host),
    }))
    const last = ends.length === batch ? ends.at(-1)?.id : undefined
    cursors.set(board, last ?? latest)
    for (const end of ends) tell(end)
  }

  function tell(end: End): void {
    const telling = tellings[end.kind as keyof typeof tellings]
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

function endsAfter(reader: Reader, since: number, host: string): Promise<End[]> {
  return reader.all<End>(sql`
    select event.id, event.task_id, event.run_id, event.kind, event.payload, event.created_at,
      run.profile, run.summary, run.error
    from task_events event join task_runs run on run.id = event.run_id
    where event.id > ${since} and event.kind in (${words(...kinds)}) and ${isHere('run', host)}
    order by event.id limit ${batch}`)
}
