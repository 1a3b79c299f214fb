// Writes the report, after asking for whom.

import { writeFileSync } from 'node:fs'
import { ask, complete, hermes, orient, takeTime } from './board.mjs'

const { task, parents, comments } = orient()
const answer = comments.find((comment) => comment.author !== task.assignee)
await takeTime(0.5)
if (answer === undefined) ask('Who is the report for?')

const analysis = JSON.parse(hermes('show', parents[0].id, '--json'))
const { files, lines, words } = analysis.runs.at(-1).metadata
writeFileSync(
  'report.md',
  [
    '# The source at a glance',
    '',
    `For ${answer.body}.`,
    '',
    `${analysis.latest_summary}.`,
    '',
    `| files | lines | words |`,
    `|--:|--:|---|`,
    `| ${files} | ${lines} | ${words.join(', ')} |`,
    '',
  ].join('\n'),
)
complete(`Wrote report.md for ${answer.body}`, { report: `${process.cwd()}/report.md` })
