/** When somebody who was turned away may come again, read from the sentence that turned them away. */

const units: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 }

const span = String.raw`\d+(?:\.\d+)?\s*(?:days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?![a-z])`
const waits = new RegExp(
  String.raw`\b(?:try|retry|retrying|again|resets?|available|wait|back)\b[^.\n]{0,40}?\b(?:in|after|for)\s+(?:about\s+)?(${span}(?:[\s,]*(?:and\s+)?${span})*)`,
  'i',
)
const spans = /(\d+(?:\.\d+)?)\s*([dhms])/gi

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const moment = new RegExp(
  [
    String.raw`\b(?:at|on|until|till|resets?)\s+(?:at\s+|on\s+)?`,
    String.raw`(?:(?<month>${months.join('|')})[a-z]*\.?\s+(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s*(?:(?<year>\d{4}),?\s*)?(?:at\s+)?)?`,
    String.raw`(?<hour>\d{1,2})(?::(?<minute>\d{2}))?\s*(?<half>[ap]\.?m\b\.?)?`,
    String.raw`(?:\s*\(?(?<zone>UTC|GMT|[A-Z][A-Za-z_]+/[A-Za-z_/]+)\)?)?`,
  ].join(''),
  'i',
)

const stamp = /\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})/

/** Unix seconds after `now`; null where the text names no time. A time without a zone is this machine's. */
export function retryTime(text: string, now: number): number | null {
  const time = waitIn(text, now) ?? stampIn(text) ?? momentIn(text, now)
  return time !== null && time > now ? time : null
}

function waitIn(text: string, now: number): number | null {
  const [, found] = waits.exec(text) ?? []
  if (found === undefined) return null
  const seconds = [...found.matchAll(spans)].map(
    ([, count, unit = '']) => Number(count) * (units[unit.toLowerCase()] ?? 0),
  )
  return now + Math.ceil(seconds.reduce((sum, part) => sum + part, 0))
}

function stampIn(text: string): number | null {
  const [found] = stamp.exec(text) ?? []
  return found === undefined ? null : Math.ceil(Date.parse(found.replace(' ', 'T')) / 1000)
}

function momentIn(text: string, now: number): number | null {
  const found = moment.exec(text)?.groups
  if (found === undefined) return null
  const { month, day, year, hour, minute = '0', half, zone } = found
  // "at 5" is no time of day that one could rely on.
  if (half === undefined && found.minute === undefined) return null
  const here = partsIn(zone, now)
  const date =
    month === undefined
      ? { year: here.year, month: here.month, day: here.day }
      : {
          year: year === undefined ? here.year : Number(year),
          month: months.indexOf(month.toLowerCase()) + 1,
          day: Number(day),
        }
  const time = epochIn(zone, { ...date, hour: of24(Number(hour), half), minute: Number(minute) })
  // A time of day that is over is tomorrow's.
  return month === undefined && time <= now ? time + 86_400 : time
}

function of24(hour: number, half: string | undefined): number {
  if (half === undefined) return hour
  return (hour % 12) + (half.toLowerCase().startsWith('p') ? 12 : 0)
}

interface WallTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}

function epochIn(zone: string | undefined, wall: WallTime): number {
  const asUtc = (at: WallTime): number =>
    Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute) / 1000
  const guess = asUtc(wall)
  return guess - (asUtc(partsIn(zone, guess)) - guess)
}

function partsIn(zone: string | undefined, time: number): WallTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: knownZone(zone),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const parts = format.formatToParts(new Date(time * 1000))
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value)
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
  }
}

/** Undefined, which is the zone of this machine, for a name that is none. */
function knownZone(zone: string | undefined): string | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}
