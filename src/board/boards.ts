/** The boards of a home: make, describe, switch, put away. */

import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '../config.ts'
import type { Clock } from '../lib/clock.ts'
import { privateFolder, writePrivate } from '../lib/files.ts'
import type { BoardFacts, BoardWords } from '../model/board.ts'
import { BoardError } from '../model/error.ts'
import { slug as slugOf } from '../model/slug.ts'
import { withoutPassword } from '../store/postgres-error.ts'
import type { Board } from './board.ts'
import { factsIn, said } from './board-facts.ts'
import { factsInFolder, missing } from './folders.ts'
import { chooseBoard } from './places.ts'
import { type Removal, shelfOf } from './shelf.ts'

/** What is said about a board that is open. */
export async function boardFactsOf(root: string, { slug, store }: Board): Promise<BoardFacts> {
  if (store.dialect === 'sqlite') return factsInFolder(root, slug)
  const { factsOn } = await import('./schemas.ts')
  return store.read((reader) => factsOn(reader, slug))
}

/** `default` first, the others by name. Of one that cannot be read nothing is known but its name. */
export async function listBoards(environment: Environment): Promise<BoardFacts[]> {
  const shelf = await shelfOf(environment)
  const slugs = await shelf.slugs()
  return Promise.all(slugs.map((slug) => shelf.factsOf(slug).catch(() => factsIn(slug, ''))))
}

/** With where it is, fit to be shown to a person. Throws `not_found`. */
export async function showBoard(
  environment: Environment,
  slug: string,
): Promise<BoardFacts & { readonly database: string }> {
  const place = await chooseBoard(environment, slug)
  const facts = await (await shelfOf(environment)).factsOf(place.slug)
  return { ...facts, database: withoutPassword(place.database) }
}

/** Throws `conflict` when there is one of that name, `invalid` for a name that is no slug. */
export async function createBoard(
  environment: Environment,
  text: string,
  words: BoardWords,
  clock: Clock,
): Promise<BoardFacts> {
  const slug = slugOf(text, 'board')
  const facts = { ...factsIn(slug, ''), ...said(words), created_at: clock() }
  await (await shelfOf(environment)).create(facts, clock)
  return facts
}

/** Changes what is said about a board, never its slug. Throws `not_found`. */
export async function describeBoard(
  environment: Environment,
  slug: string,
  words: BoardWords,
): Promise<BoardFacts> {
  const place = await chooseBoard(environment, slug)
  const shelf = await shelfOf(environment)
  const facts = { ...(await shelf.factsOf(place.slug)), ...said(words) }
  await shelf.keep(facts)
  return facts
}

/** From now on it is meant wherever none is named. Throws `not_found`. */
export async function switchBoard(environment: Environment, slug: string): Promise<string> {
  const place = await chooseBoard(environment, slug)
  await privateFolder(join(environment.root, 'kanban'))
  await writePrivate(join(environment.root, 'kanban', 'current'), `${place.slug}\n`)
  return place.slug
}

/** Puts it away, or deletes it. Returns where it is now, null when it is nowhere. Throws `forbidden` for `default`, `conflict` and `not_found`. */
export async function removeBoard(
  environment: Environment,
  slug: string,
  how: Removal,
): Promise<string | null> {
  const name = slugOf(slug, 'board')
  const shelf = await shelfOf(environment)
  // Who wants it gone has no use for the way to make it.
  if (!(await shelf.has(name))) throw missing(name, await shelf.slugs())
  if (name === 'default') {
    throw new BoardError(
      'forbidden',
      'the board default cannot be removed: archive its tasks instead',
    )
  }
  const kept = await shelf.remove(name, how)
  await forget(environment.root, name)
  return kept
}

/** A pointer to a board that is gone would fall through to `default` anyway; without it nobody wonders. */
async function forget(root: string, slug: string): Promise<void> {
  const pointer = join(root, 'kanban', 'current')
  const current = await readFile(pointer, 'utf8').catch(() => '')
  if (current.trim() === slug) await rm(pointer, { force: true })
}
