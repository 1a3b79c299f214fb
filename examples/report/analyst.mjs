// Puts the hand-offs of its parents together.

import { complete, hermes, orient, takeTime } from './board.mjs'

const { parents } = orient()
const handedOver = parents.map(({ id }) => JSON.parse(hermes('show', id, '--json')))
const facts = Object.assign({}, ...handedOver.map(({ runs }) => runs.at(-1).metadata))
await takeTime(1)
const perFile = Math.round(facts.lines / facts.files)
complete(
  `Small files (${perFile} lines each) that keep to their words: ${facts.words.join(', ')}`,
  {
    ...facts,
    perFile,
  },
)
