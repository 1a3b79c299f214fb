/** Notices that work could start and none does, whatever the reason. */

import { formatDuration } from '../lib/duration.ts'

/** How long that may be so before anybody is told, in milliseconds. */
const patienceMs = 180_000

/** How often it is said again while nothing changes, in milliseconds. */
const repeatMs = 300_000

/** A start that failed is tried again within five minutes: what waits for longer waits for something else. In milliseconds. */
const failureMs = 360_000

export interface Startable {
  readonly board: string
  readonly id: string
}

export interface Health {
  /** After a pass: the tasks that it found fit to start, and how many others are held back for a time. */
  passed(startable: readonly Startable[], held: number): void
  /** A pass came to no end, so that nobody knows what could start. */
  failed(why: string): void
  /** A run has its worker, or could not be started. */
  launched(well: boolean): void
}

export interface HealthOptions {
  /** Milliseconds that never go back. */
  readonly now: () => number
  /** Called with each warning, again every five minutes, and with null when work starts again. */
  readonly tell: (warning: string | null) => void
}

export function watchHealth({ now, tell }: HealthOptions): Health {
  /** Since when work has been waiting without a single good start. */
  let since: number | undefined
  let failedAt: number | undefined
  let toldAt: number | undefined

  function waiting(what: string): void {
    since ??= now()
    if (now() - since < patienceMs) return
    if (toldAt !== undefined && now() - toldAt < repeatMs) return
    toldAt = now()
    tell(`nothing has started for ${formatDuration((now() - since) / 1000)}: ${what}`)
  }

  function well(): void {
    since = undefined
    failedAt = undefined
    if (toldAt !== undefined) tell(null)
    toldAt = undefined
  }

  function isFailing(): boolean {
    return failedAt !== undefined && now() - failedAt < failureMs
  }

  return {
    passed([first, ...others], held) {
      if (first !== undefined) {
        const more = others.length === 0 ? '' : ` and ${others.length} more`
        waiting(`${first.id}${more} could; see \`${showing(first)}\`, and the errors in this log`)
      } else if (!isFailing() || held === 0) {
        // Nothing waits. While starts fail, tasks wait out their delays and holds between.
        well()
      }
    },
    failed(why) {
      waiting(`every pass fails (${why}); see that the boards and the disk can be used`)
    },
    launched(started) {
      if (started) well()
      else failedAt = now()
    },
  }
}

function showing({ board, id }: Startable): string {
  return `hermes kanban ${board === 'default' ? '' : `--board ${board} `}show ${id}`
}
