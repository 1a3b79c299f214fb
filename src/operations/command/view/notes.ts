import type { Note, Report } from '../../../board/import/report.ts'

/** What an import did not take as it was, a line for each reason. */
export function noteLines({ changed, left }: Pick<Report, 'changed' | 'left'>): string[] {
  return [
    ...changed.map((note) => `Changed: ${noteLine(note)}`),
    ...left.map((note) => `Left out: ${noteLine(note)}`),
  ]
}

function noteLine({ why, count, which }: Note): string {
  const more = count > which.length ? ` and ${count - which.length} more` : ''
  return `${which.join(', ')}${more}: ${why}`
}
