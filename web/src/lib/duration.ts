const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
] as const

/** The largest unit alone: `3d`, `5h`, `12m`, `40s`. Never negative. */
export function shortDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  for (const [unit, size] of units) if (whole >= size) return `${Math.floor(whole / size)}${unit}`
  return `${whole}s`
}

/** Two units: `3d 4h`, `1m 5s`. */
export function fullDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const index = units.findIndex(([, size]) => whole >= size)
  const unit = units[index]
  if (unit === undefined) return `${whole}s`
  const rest = whole % unit[1]
  const next = units[index + 1] ?? (['s', 1] as const)
  const more = Math.floor(rest / next[1])
  const first = `${Math.floor(whole / unit[1])}${unit[0]}`
  return more === 0 ? first : `${first} ${more}${next[0]}`
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** Date and time of day in the reader's own words; a time that no calendar has, as its number. */
export function dateOf(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? String(seconds) : day.format(date)
}
