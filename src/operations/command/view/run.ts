import { formatDuration } from '../../../lib/duration.ts'
import { firstLine, oneLine } from '../../../lib/text.ts'
import type { Run } from '../../../model/run.ts'
import { dateOf, paint, type Style } from '../style.ts'
import { clip, table } from '../table.ts'

/** A row for each run; below it, what it handed over after `→` and what went wrong after `!`. */
export function runLines(runs: readonly Run[], style: Style): string[] {
  const colours = paint(style)
  const rows = table(
    runs.map((run) => [
      { text: `#${run.id}`, paint: colours.bold },
      { text: run.outcome ?? 'active', paint: outcomePaint(run, style) },
      { text: run.profile === null ? '-' : oneLine(run.profile) },
      { text: formatDuration((run.ended_at ?? style.now) - run.started_at) },
      { text: dateOf(run.started_at), paint: colours.gray },
    ]),
    style.width,
  )
  return runs.flatMap((run, index) => [
    rows[index] ?? '',
    ...below('→', run.summary, style),
    ...below('!', run.error, style),
  ])
}

function below(sign: string, text: string | null, style: Style): string[] {
  const line = firstLine(text ?? '')
  return line === '' ? [] : [clip(`    ${sign} ${line}`, style.width)]
}

function outcomePaint(run: Run, style: Style): (text: string) => string {
  const colours = paint(style)
  if (run.outcome === null) return colours.yellow
  return run.outcome === 'completed' ? colours.green : colours.red
}
