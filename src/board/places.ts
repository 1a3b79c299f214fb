/** Boards on disk: which there are, where each is, and which one is meant. */

import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Environment } from '../config.ts'
import { BoardError } from '../model/error.ts'
import { slug, slugIn } from '../model/slug.ts'
import type { Place } from './board.ts'

const postgres = /^postgres(ql)?:\/\//

/**
 * The board that is meant: the argument, then the pins of the environment, then `kanban/current`,
 * then `default`. A pin or pointer to a board that is gone falls through to the next, a pinned
 * database never does. An argument that names no board throws `not_found`.
 */
export async function chooseBoard(environment: Environment, explicit?: string): Promise<Place> {
  const { root, pins } = environment
  if (explicit !== undefined) {
    const name = slug(explicit, 'board')
    if (boardExists(root, name)) return placeOf(environment, name)
    throw new BoardError(
      'not_found',
      `there is no board ${name}: make it with \`hermes kanban boards create ${name}\``,
    )
  }
  if (pins.database !== undefined) return pinnedPlace(environment, pins.database)
  for (const candidate of [pins.board, await current(root)]) {
    const name = candidate && slugIn(candidate)
    if (name && boardExists(root, name)) return placeOf(environment, name)
  }
  return placeOf(environment, 'default')
}

/** Every board that a dispatcher of this home looks after, by name; a pinned database is the only one. */
export async function allBoards(environment: Environment): Promise<Place[]> {
  const { root, pins } = environment
  if (pins.database !== undefined) return [pinnedPlace(environment, pins.database)]
  return (await homeBoards(root)).map((name) => placeOf(environment, name))
}

/** The slugs of a home's boards, `default` first. */
export async function homeBoards(root: string): Promise<string[]> {
  const folders = await readdir(join(root, 'kanban', 'boards')).catch(() => [])
  const named = folders.filter((name) => slugIn(name) === name && boardExists(root, name))
  return ['default', ...named.filter((name) => name !== 'default').sort()]
}

function placeOf({ root, pins }: Environment, name: string): Place {
  const folder = folderOf(root, name)
  return {
    slug: name,
    database: name === 'default' ? join(root, 'kanban.db') : join(folder, 'kanban.db'),
    workspaces: pins.workspacesRoot ?? join(folder, 'workspaces'),
    logs: join(folder, 'logs'),
  }
}

/** A database of its own: a board of the home when the path is one of those, else one beside its file. */
function pinnedPlace(environment: Environment, database: string): Place {
  const { root, pins } = environment
  const pinned = slugIn(pins.board ?? '') ?? 'default'
  if (postgres.test(database)) return { ...placeOf(environment, pinned), database }
  const path = resolve(database)
  if (!existsSync(dirname(path))) {
    throw new BoardError(
      'board_gone',
      `HERMES_KANBAN_DB names ${path}, but its folder does not exist: make the folder or unset the variable`,
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
  return { ...placeOf(environment, own ?? pinned), database: path }
}

/** Where everything of a board but the default's database is. */
export function folderOf(root: string, name: string): string {
  return name === 'default' ? join(root, 'kanban') : join(root, 'kanban', 'boards', name)
}

export function boardExists(root: string, name: string): boolean {
  const folder = folderOf(root, name)
  return (
    name === 'default' ||
    existsSync(join(folder, 'board.json')) ||
    existsSync(join(folder, 'kanban.db'))
  )
}

async function current(root: string): Promise<string | undefined> {
  const text = await readFile(join(root, 'kanban', 'current'), 'utf8').catch(() => '')
  return text.split('\n')[0]
}
