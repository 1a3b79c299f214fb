/** Times that come again: a cron expression in a time zone. */

import { Cron } from 'croner'

/** Minute, hour, day, month and weekday; or a name such as `@daily`. */
const form = /^(@[a-z]+|\S+( +\S+){4})$/i

/** Whether there is a time at which it comes. `30 2 30 2 *` has none. */
export function isCron(expression: string): boolean {
  return form.test(expression) && attempt(() => nextTime(expression, 'UTC', 0)) != null
}

/** A name of the time zone database, such as `Europe/Berlin`. */
export function isZone(name: string): boolean {
  return attempt(() => new Intl.DateTimeFormat('en', { timeZone: name })) !== undefined
}

/** The zone of this machine. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/**
 * The first time after `after`, both in unix seconds; undefined when it never comes again. Where clocks
 * are put forward, one fixed time of day that is left out comes as soon as the hour is over; where they
 * are put back, it comes once. What comes several times a day keeps its pace.
 */
export function nextTime(expression: string, zone: string, after: number): number | undefined {
  const cron = new Cron(expression, { timezone: zone, mode: '5-part' })
  const next = cron.nextRun(new Date(after * 1000))
  return next === null ? undefined : Math.floor(next.getTime() / 1000)
}

/** `2026-03-29 02:30`, as the clocks of the zone show it. */
export function zonedTime(at: number, zone: string): string {
  const day = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  })
  return day.format(new Date(at * 1000))
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
