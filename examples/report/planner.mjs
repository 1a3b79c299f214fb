// Splits a goal into tasks for others and does none of them itself.

import { complete, hermes, orient, takeTime } from './board.mjs'

const { task } = orient()
const source = task.body

function create(title, assignee, body, parents = []) {
  const flags = ['--assignee', assignee, '--body', body, '--json']
  for (const parent of parents) flags.push('--parent', parent)
  return JSON.parse(hermes('create', title, ...flags)).id
}

await takeTime(0.5)
const size = create('Measure the source', 'researcher', `${source}\nsize`)
const words = create('Read the source for its words', 'researcher', `${source}\nwords`)
const findings = create('Weigh the findings', 'analyst', 'What do the findings say together?', [
  size,
  words,
])
const report = create('Write the report', 'writer', 'One page, from the analysis.', [findings])

complete('Two questions can be answered side by side, then weighed, then written up', {
  tasks: [size, words, findings, report],
})
