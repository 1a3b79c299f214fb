/** What the clock makes on a board: decided from a snapshot, and again inside the unit of work that does it. */

import type { Board } from '../board/board.ts'
import { createDue, dueTimes, keepDue, setDue, wasMade } from '../board/recurring.ts'
import type { Config } from '../config.ts'
import type { Log } from '../lib/log.ts'
import { BoardError } from '../model/error.ts'
import type { Reader } from '../store/store.ts'

type Entry = Config['recurring'][number]

/** An entry of the configuration with its calendar. */
export interface Timer extends Entry {
  /** The first time after `after`, in unix seconds; undefined when there is none. */
  readonly next: (after: number) => number | undefined
}

/** One step of a timer. */
export interface Turn {
  readonly timer: Timer
  /** When the task was due that is made now; null when none is. */
  readonly due: number | null
  readonly next: number
}

export interface Schedule {
  readonly turns: readonly Turn[]
  /** Seconds until the next task is due; null when none ever is. */
  readonly nextIn: number | null
}

/** What is due of these turns. */
export function dueIn(turns: readonly Turn[]): Due[] {
  return turns.flatMap(({ timer, due }) =>
    due === null ? [] : [{ name: timer.name, due_at: due }],
  )
}

/** Loads the library that knows the calendar only when there are entries. */
export async function timersOf(entries: readonly Entry[]): Promise<Timer[]> {
  if (entries.length === 0) return []
  const { nextTime } = await import('../lib/cron.ts')
  return entries.map((entry) => ({ ...entry, next: remembering(entry, nextTime) }))
}

/** A pass may come a thousand times between two of its times, and each look takes a twentieth of a millisecond. */
function remembering(
  { cron, zone }: Entry,
  nextTime: (cron: string, zone: string, after: number) => number | undefined,
): Timer['next'] {
  let known = { after: 0, next: 0 as number | undefined }
  return (after) => {
    const { next } = known
    if (next !== undefined && known.after <= after && after < next) return next
    known = { after, next: nextTime(cron, zone, after) }
    return known.next
  }
}

/**
 * What is to be done now. A timer that the board does not know begins with its next time. Of several that
 * were missed one is made. A time that the expression does not have any more was another expression's: it
 * makes nothing, and gives way to an earlier one.
 */
export async function scheduleOn(reader: Reader, timers: readonly Timer[]): Promise<Schedule> {
  const known = timers.length === 0 ? new Map<string, number>() : await dueTimes(reader)
  const { now } = reader
  const turns: Turn[] = []
  let nextAt: number | null = null
  for (const timer of timers) {
    const next = timer.next(now)
    if (next === undefined) continue
    const at = known.get(timer.name)
    if (at === undefined || at > next || at <= now) {
      const due = at !== undefined && (await isDue(reader, timer, at)) ? at : null
      turns.push({ timer, due, next })
    }
    const soonest = at === undefined || at <= now ? next : Math.min(at, next)
    nextAt = Math.min(nextAt ?? soonest, soonest)
  }
  return { turns, nextIn: nextAt === null ? null : nextAt - now }
}

async function isDue(reader: Reader, { name, next }: Timer, at: number): Promise<boolean> {
  return at <= reader.now && next(at - 1) === at && !(await wasMade(reader, name, at))
}

/** A task that the clock has made, or in a dry run would make. */
export interface Due {
  readonly name: string
  /** Unix seconds. */
  readonly due_at: number
}

export interface Clockwork {
  /** Those of the configuration as it is now. */
  timers(entries: readonly Entry[]): Promise<readonly Timer[]>
  /** Takes these turns as far as nobody else has; returns what was made. */
  take(board: Board, timers: readonly Timer[], turns: readonly Turn[]): Promise<Due[]>
}

/** What cannot be made is said once, and stays due. */
export function clockwork(log: Log): Clockwork {
  const complaints = new Map<string, string>()
  const kept = new Map<Board, string>()
  let current: { entries: readonly Entry[]; timers: readonly Timer[] } | undefined

  async function one(board: Board, timer: Timer): Promise<Due[]> {
    const { name } = timer
    try {
      const made = await board.store.write(async (tx) => {
        const { turns } = await scheduleOn(tx, [timer])
        const [turn] = turns
        if (turn === undefined) return undefined
        await setDue(tx, name, turn.next)
        if (turn.due === null) return undefined
        return { id: await createDue(tx, name, turn.due, timer.task), due: turn.due }
      })
      complaints.delete(name)
      if (made === undefined) return []
      log.info(`made ${made.id}: ${name} is due`, { board: board.slug })
      return [{ name, due_at: made.due }]
    } catch (error) {
      if (!(error instanceof BoardError) || error.code !== 'meaningless') throw error
      if (complaints.get(name) !== error.message)
        log.error(`${name} is due and cannot be made: ${error.message}`)
      complaints.set(name, error.message)
      return []
    }
  }

  /**
   * When the entries were others before. Only in a file: on a server they may be those of another host,
   * and two that forget each other's would never come to rest.
   */
  async function forgetOthers(board: Board, timers: readonly Timer[]): Promise<void> {
    const names = timers.map(({ name }) => name)
    const list = JSON.stringify(names)
    if (board.store.dialect !== 'sqlite' || kept.get(board) === list) return
    const known = await board.store.read(dueTimes)
    if ([...known.keys()].some((name) => !names.includes(name)))
      await board.store.write((tx) => keepDue(tx, names))
    kept.set(board, list)
  }

  return {
    async timers(entries) {
      if (current?.entries !== entries) current = { entries, timers: await timersOf(entries) }
      return current.timers
    },
    async take(board, timers, turns) {
      await forgetOthers(board, timers)
      const made: Due[] = []
      for (const { timer } of turns) made.push(...(await one(board, timer)))
      return made
    },
  }
}
