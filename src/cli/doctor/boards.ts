import type { Place } from '../../board/board.ts'
import { inspectBoard } from '../../board/inspect.ts'
import { allBoards } from '../../board/places.ts'
import type { Environment } from '../../config.ts'
import { systemClock } from '../../lib/clock.ts'
import { broken, type Finding, fine, orBroken, warning } from './finding.ts'

export function checkBoards(facts: Environment): Promise<readonly Finding[]> {
  return orBroken('boards', 'correct or unset the variable', async () => {
    const findings: Finding[] = []
    for (const place of await allBoards(facts)) findings.push(...(await checkBoard(place)))
    return findings
  })
}

function checkBoard(place: Place): Promise<readonly Finding[]> {
  const about = `board ${place.slug}`
  const next = 'put it back from a backup, or look at what the message names'
  return orBroken(about, next, async () => [
    place.database.includes('://')
      ? await checkServer(place, about)
      : await checkFile(place, about),
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

async function checkServer({ database, slug }: Place, about: string): Promise<Finding> {
  const { openPostgres } = await import('../../store/postgres.ts')
  const store = await openPostgres(database, { schema: `kanban_${slug}`, create: false })
  await store.close()
  return fine(about, store.place)
}
