/** Boards as folders of a home. */

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../config.ts'
import type { Clock } from '../lib/clock.ts'
import { privateFolder, textAt, writePrivate } from '../lib/files.ts'
import { nearest } from '../lib/nearest.ts'
import type { BoardFacts } from '../model/board.ts'
import { BoardError } from '../model/error.ts'
import { slugIn } from '../model/slug.ts'
import { assertAtRest, notAtRest } from './at-rest.ts'
import { openBoard, type Place } from './board.ts'
import type { Removal, Shelf } from './shelf.ts'

export function folders(environment: Environment): Shelf {
  const { root } = environment
  return {
    slugs: async () => slugsIn(root),
    has: async (slug) => isBoard(root, slug),
    isMade: async (slug) => existsSync(placeIn(environment, slug).database),
    placeOf: (slug) => placeIn(environment, slug),
    factsOf: (slug) => factsInFolder(root, slug),
    async create(facts, clock) {
      if (isBoard(root, facts.slug)) throw taken(facts.slug)
      await keepFacts(root, facts)
      const board = await openBoard(placeIn(environment, facts.slug), clock)
      await board.store.close()
    },
    keep: (facts) => keepFacts(root, facts),
    remove: (slug, how) => remove(environment, slug, how),
  }
}

/** Where a board of that name is among the folders of a home. */
export function placeIn({ root, pins }: Environment, slug: string): Place {
  const folder = folderOf(root, slug)
  return {
    slug,
    database: slug === 'default' ? join(root, 'kanban.db') : join(folder, 'kanban.db'),
    workspaces: pins.workspacesRoot ?? join(folder, 'workspaces'),
    logs: join(folder, 'logs'),
  }
}

/** Where everything of a board but the default's database is. */
export function folderOf(root: string, slug: string): string {
  return slug === 'default' ? join(root, 'kanban') : join(root, 'kanban', 'boards', slug)
}

/** What is said about a board is loaded here alone: its schemas take as long as a command that only reads tasks. */
export async function factsInFolder(root: string, slug: string): Promise<BoardFacts> {
  const { factsIn } = await import('./board-facts.ts')
  const path = join(folderOf(root, slug), 'board.json')
  return factsIn(slug, textAt(path))
}

/** `known` are the boards that may have been meant; `otherwise` is what to do when it was none of them. */
export function missing(
  slug: string,
  known: readonly string[] = [],
  otherwise = '`hermes kanban boards list` names those there are',
): BoardError {
  const meant = nearest(slug, known)
  const hint = meant === undefined ? otherwise : `did you mean ${meant}?`
  return new BoardError('not_found', `there is no board ${slug}: ${hint}`)
}

export function taken(slug: string): BoardError {
  return new BoardError(
    'conflict',
    `there is a board ${slug} already: use it, or choose another name`,
  )
}

function slugsIn(root: string): string[] {
  const named = namesIn(join(root, 'kanban', 'boards')).filter(
    (name) => slugIn(name) === name && isBoard(root, name),
  )
  return ['default', ...named.filter((name) => name !== 'default').sort()]
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isBoard(root: string, slug: string): boolean {
  const folder = folderOf(root, slug)
  return (
    slug === 'default' ||
    existsSync(join(folder, 'board.json')) ||
    existsSync(join(folder, 'kanban.db'))
  )
}

async function keepFacts(root: string, facts: BoardFacts): Promise<void> {
  const { textOf } = await import('./board-facts.ts')
  const folder = folderOf(root, facts.slug)
  await privateFolder(folder)
  await writePrivate(join(folder, 'board.json'), textOf(facts))
}

const cannot = 'cannot be removed'

/** Moves the folder to `boards/_archived`. */
async function remove(
  environment: Environment,
  slug: string,
  how: Removal,
): Promise<string | null> {
  const { root } = environment
  const folder = folderOf(root, slug)
  const target = how.forGood ? null : archivePath(root, `${slug}-${how.clock()}`)
  try {
    await whileAtRest(placeIn(environment, slug), how.clock, () => {
      if (target === null) rmSync(folder, { recursive: true })
      else renameSync(folder, target)
    })
  } catch (error) {
    // Somebody else has just removed it.
    if (!existsSync(folder)) throw missing(slug)
    if (!(error instanceof BoardError && error.code === 'board_corrupt')) throw error
    if (target === null) throw unreadable(slug, error)
    const task = await how.atWork?.(slug)
    if (task !== undefined) throw notAtRest(slug, cannot, task)
    renameSync(folder, target)
  }
  return target
}

/** Does it within a unit of work, so that no claim comes between the look and what is done. */
async function whileAtRest(place: Place, clock: Clock, body: () => void): Promise<void> {
  const board = await openBoard(place, clock)
  try {
    await board.store.write(async (tx) => {
      await assertAtRest(tx, place.slug, cannot)
      body()
    })
  } finally {
    await board.store.close()
  }
}

function unreadable(slug: string, { message }: BoardError): BoardError {
  return new BoardError(
    'board_corrupt',
    `the board ${slug} is not deleted, for nobody can tell what it holds (${message.split(';')[0]}): put it away without deleting it`,
    { slug },
  )
}

/** A path of that name, or nearly, at which nothing is yet. */
export function archivePath(root: string, name: string): string {
  const folder = join(root, 'kanban', 'boards', '_archived')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const wanted = join(folder, name)
  let path = wanted
  for (let n = 2; existsSync(path); n++) path = `${wanted}-${n}`
  return path
}
