/** Rows for a person, one line each, aligned without knowing what comes later. */

import { isMet, type Row, type Target } from './measure.ts'

const columns = [
  { title: '', width: 38 },
  { title: 'ours', width: 14 },
  { title: 'floor', width: 14 },
  { title: 'ratio', width: 7 },
  { title: 'target', width: 12 },
  { title: '', width: 6 },
] as const

export const header = aligned(columns.map((column) => column.title))

export function line(row: Row): string {
  const { name, unit, ours, floor, ratio, target } = row
  return aligned([
    name,
    `${amount(ours)} ${unit}`,
    floor === undefined ? '' : `${amount(floor)} ${unit}`,
    ratio === undefined ? '' : ratio.toFixed(2),
    target === undefined ? '' : said(target, unit),
    target === undefined ? '' : isMet(row) ? 'ok' : 'miss',
  ])
}

function said(target: Target, unit: Row['unit']): string {
  if ('atMost' in target) return `≤ ${target.atMost} ${unit}`
  return 'ratioAtLeast' in target ? `≥ ${target.ratioAtLeast} ×` : `≤ ${target.ratioAtMost} ×`
}

/** Three digits say all that such a machine can know. */
function amount(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value.toPrecision(3)
}

function aligned(cells: readonly string[]): string {
  return cells
    .map((cell, index) => {
      const { width = 0 } = columns[index] ?? {}
      return index === 0 ? cell.padEnd(width) : cell.padStart(width)
    })
    .join('')
    .trimEnd()
}
