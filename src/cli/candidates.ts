/** `hermes kanban __complete <what> <beginning> [board]`: what a shell offers that only the home knows. */

import { existsSync } from 'node:fs'
import { openBoard } from '../board/board.ts'
import { idsFrom } from '../board/ids.ts'
import { boardSlugs, chooseBoard } from '../board/places.ts'
import { type Environment, environment, isUrl } from '../config.ts'
import { systemClock } from '../lib/clock.ts'
import { neutralise, oneLine } from '../lib/text.ts'
import { listProfiles } from '../workers/profile-paths.ts'

/** More than a person looks through. */
const most = 200

/** A line for each: the word, and after a tab what it is. Whatever goes wrong, nothing is offered. */
export async function candidates(
  [, what = '', beginning = '', board]: readonly string[],
  { env, stdout }: NodeJS.Process,
): Promise<number> {
  const found = await offered(environment(env), what, beginning, board || undefined).catch(() => [])
  for (const [word, says] of found) {
    // The words go into a shell: nothing in them may mean anything to it.
    if (/^[\w.-]+$/.test(word)) stdout.write(`${word}\t${oneLine(neutralise(says))}\n`)
  }
  return 0
}

export async function offered(
  facts: Environment,
  what: string,
  beginning: string,
  board: string | undefined,
): Promise<(readonly [word: string, says: string])[]> {
  if (what === 'profiles') return listProfiles(facts.root).map((name) => [name, 'profile'])
  if (what === 'boards') return (await boardSlugs(facts)).map((slug) => [slug, 'board'])
  if (what !== 'tasks' || facts.worker !== undefined) return []
  const place = await chooseBoard(facts, board)
  // Whoever only presses Tab makes no board.
  if (!isUrl(place.database) && !existsSync(place.database)) return []
  const { store } = await openBoard(place, systemClock)
  try {
    const archived = beginning.length > 2
    const tasks = await store.read((reader) =>
      idsFrom(reader, beginning, { limit: most, archived }),
    )
    return tasks.map(({ id, title }) => [id, title])
  } finally {
    await store.close()
  }
}
