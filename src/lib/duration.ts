/** Durations as people write and say them. */

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** Seconds of `90`, `90s`, `30m`, `2h`, `1d` or `1.5h`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?|\.\d+) ?([smhd])?$/i.exec(text.trim()) ?? []
  if (amount === undefined) return undefined
  const total = Number(amount) * seconds[unit.toLowerCase() as keyof typeof seconds]
  return Number.isFinite(total) ? total : undefined
}

/** `45 s`, `3 m 20 s`, `2 h 5 m`, `4 d 2 h`: the two largest units, whole, never negative. */
export function formatDuration(total: number): string {
  const whole = Number.isFinite(total) ? Math.max(0, Math.floor(total)) : 0
  const [large, small] =
    whole < seconds.h
      ? (['m', 's'] as const)
      : whole < seconds.d
        ? (['h', 'm'] as const)
        : (['d', 'h'] as const)
  const parts = [
    [Math.floor(whole / seconds[large]), large],
    [Math.floor((whole % seconds[large]) / seconds[small]), small],
  ] as const
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`)
  return said.join(' ') || '0 s'
}
