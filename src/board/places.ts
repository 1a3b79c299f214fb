/** Which boards there are for a home, and which one is meant. */

import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Environment, isUrl, namedDatabase } from '../config.ts'
import { textAt } from '../lib/files.ts'
import { BoardError } from '../model/error.ts'
import { slug, slugIn } from '../model/slug.ts'
import type { Store } from '../store/store.ts'
import type { Place } from './board.ts'
import { folders, missing, placeIn } from './folders.ts'
import { shelfOf } from './shelf.ts'

/**
 * The board that is meant: the argument, then the pins of the environment, then `kanban/current`,
 * then `default`. A pin or pointer to a board that is gone falls through to the next, a pinned
 * database never does. An argument that names no board throws `not_found`.
 */
export async function chooseBoard(environment: Environment, explicit?: string): Promise<Place> {
  const shelf = await shelfOf(environment)
  if (explicit !== undefined) {
    const name = slug(explicit, 'board')
    if (await shelf.has(name)) return shelf.placeOf(name)
    throw missing(name, await shelf.slugs(), `make it with \`hermes kanban boards create ${name}\``)
  }
  const file = await namedFile(environment)
  if (file !== undefined) return file
  for (const { board } of wishes(environment)) {
    const name = slugIn(board)
    if (name !== undefined && (await shelf.has(name))) return shelf.placeOf(name)
  }
  return shelf.placeOf('default')
}

/** What fell through on the way to a board that nobody named, as a sentence; undefined when nothing did. */
export async function fellThrough(
  environment: Environment,
  chosen: Place,
): Promise<string | undefined> {
  const first = wishes(environment).next().value
  if (first === undefined || slugIn(first.board) === chosen.slug) return undefined
  if ((await namedFile(environment)) !== undefined) return undefined
  return `${first.by} names the board ${JSON.stringify(first.board)}, which is not there: this is the board ${chosen.slug}; ${first.mend}`
}

interface Wish {
  /** What says so. */
  readonly by: string
  readonly board: string
  /** What to do when there is no such board. */
  readonly mend: string
}

/** What says which board is meant where none is named, what comes first first. */
function* wishes({ root, pins }: Environment): Generator<Wish> {
  if (pins.board !== undefined) {
    yield { by: 'HERMES_KANBAN_BOARD', board: pins.board, mend: 'correct or unset it' }
  }
  const pointer = join(root, 'kanban', 'current')
  const [board = ''] = textAt(pointer).split('\n')
  const mend = '`hermes kanban boards switch <slug>` names another'
  if (board.trim() !== '') yield { by: pointer, board, mend }
}

/** Whether it is the one that is meant where none is named. */
export async function isChosen(environment: Environment, place: Place): Promise<boolean> {
  const { slug, database } = await chooseBoard(environment)
  return slug === place.slug && database === place.database
}

/**
 * Every board that a dispatcher of this home looks after, by name; a pinned file is the only one. `known`
 * is a board of theirs that is open: a server need not be asked over another connection.
 */
export async function allBoards(
  environment: Environment,
  known?: Place & { readonly store: Store },
): Promise<Place[]> {
  const file = await namedFile(environment)
  if (file !== undefined) return [file]
  const shelf = await shelfOf(environment)
  const isThere =
    known?.store.dialect === 'postgres' && known.database === shelf.placeOf(known.slug).database
  const slugs = isThere ? await slugsBeside(known.store) : await shelf.slugs()
  return slugs.map(shelf.placeOf)
}

async function slugsBeside(store: Store): Promise<string[]> {
  const { slugsOn } = await import('./schemas.ts')
  return store.read(slugsOn)
}

/** The slugs of all of them, `default` first. */
export async function boardSlugs(environment: Environment): Promise<string[]> {
  return (await shelfOf(environment)).slugs()
}

/** Those that lie in folders of the home, where nothing tells of a new one; none where all are elsewhere. */
export async function boardsInFolders(environment: Environment): Promise<string[]> {
  const database = await namedDatabase(environment)
  return database === undefined ? folders(environment).slugs() : []
}

/** A file in place of the boards: one of the home's when the path is that, else one beside its own. */
async function namedFile(environment: Environment): Promise<Place | undefined> {
  const { root, pins } = environment
  const database = await namedDatabase(environment)
  if (database === undefined || isUrl(database)) return undefined
  const path = resolve(database)
  const named = pins.database === undefined ? 'kanban.database' : 'HERMES_KANBAN_DB'
  if (!existsSync(dirname(path))) {
    throw new BoardError(
      'board_gone',
      `${named} names ${path}, but its folder does not exist: make the folder or unset it`,
    )
  }
  if (environment.worker !== undefined && !existsSync(path)) {
    throw new BoardError(
      'board_gone',
      `the board of this worker, ${path}, is gone: stop working on it`,
    )
  }
  const parent = dirname(path)
  const own =
    dirname(parent) === join(root, 'kanban', 'boards')
      ? slugIn(parent.split('/').at(-1) ?? '')
      : undefined
  const pinned = slugIn(pins.board ?? '') ?? 'default'
  return { ...placeIn(environment, own ?? pinned), database: path }
}
