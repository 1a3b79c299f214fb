import type { Place } from '../../board/board.ts'
import { inspectBoard, inspectSchema } from '../../board/inspect.ts'
import { allBoards } from '../../board/places.ts'
import { schemaOf } from '../../board/schema-name.ts'
import { type Environment, isUrl } from '../../config.ts'
import { systemClock } from '../../lib/clock.ts'
import { broken, type Finding, fine, orBroken, warning } from './finding.ts'
import { checkServer } from './server.ts'

export async function checkBoards(facts: Environment): Promise<readonly Finding[]> {
  return orBroken('boards', 'correct or unset the variable', async () => {
    const findings = [...(await checkServer(facts))]
    // Of a server that cannot be used each board would say the same.
    if (findings.some(({ level }) => level === 'broken')) return findings
    for (const place of await allBoards(facts)) findings.push(...(await checkBoard(place)))
    return findings
  })
}

function checkBoard(place: Place): Promise<readonly Finding[]> {
  const about = `board ${place.slug}`
  const away =
    place.slug === 'default' ? '' : `, or put it away (hermes kanban boards rm ${place.slug})`
  const next = `look at what the message names: put it back from a backup${away}`
  return orBroken(about, next, async () => [
    isUrl(place.database) ? await checkSchema(place, about) : await checkFile(place, about),
  ])
}

async function checkFile(place: Place, about: string): Promise<Finding> {
  const { damage, shape } = await inspectBoard(place, systemClock)
  const { database } = place
  if (damage.length > 0) {
    return broken(
      about,
      `${database} is damaged: ${damage.join('; ')}`,
      'stop the gateway, keep a copy, and put the file back from a backup',
    )
  }
  switch (shape) {
    case 'absent':
      return fine(about, 'is not there yet: it is made at the first use')
    case 'current':
      return fine(about, database)
    case 'older':
      return fine(about, `${database} is of an older version: the next use brings it up to date`)
    case 'newer':
      return warning(
        about,
        `${database} was shaped by a newer version: it can be read, not changed`,
        'update hermes-kanban',
      )
  }
}

async function checkSchema(place: Place, about: string): Promise<Finding> {
  const schema = schemaOf(place.slug)
  switch (await inspectSchema(place)) {
    case 'absent':
      return fine(about, 'is not there yet: it is made at the first use')
    case 'current':
      return fine(about, `the schema ${schema}`)
    case 'older':
      return fine(
        about,
        `the schema ${schema} is of an older version: the next use brings it up to date`,
      )
  }
}
