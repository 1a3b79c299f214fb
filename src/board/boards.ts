/** The boards of a home as folders: make, describe, switch, put away. */

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Environment } from '../config.ts'
import type { Clock } from '../lib/clock.ts'
import { privateFolder, writePrivate } from '../lib/files.ts'
import { type BoardFacts, type BoardWords, boardFacts } from '../model/board.ts'
import { BoardError } from '../model/error.ts'
import { slug as slugOf } from '../model/slug.ts'
import { sql } from '../store/sql.ts'
import { openBoard } from './board.ts'
import { boardExists, chooseBoard, folderOf, homeBoards } from './places.ts'

/** A missing or broken board.json is as good as an empty one; the slug is always the folder's name. */
export async function boardFactsOf(root: string, slug: string): Promise<BoardFacts> {
  const text = await readFile(join(folderOf(root, slug), 'board.json'), 'utf8').catch(() => '')
  const known = lenient.safeParse(parsed(text)).data ?? {}
  return {
    slug,
    name: slug,
    description: '',
    icon: '',
    color: '',
    created_at: null,
    archived: false,
    default_workdir: null,
    ...said(known),
  }
}

/** An odd value counts as none said. */
const perhaps = <Type extends z.ZodType>(type: Type) => type.optional().catch(undefined)

const lenient = z.object({
  name: perhaps(boardFacts.shape.name),
  description: perhaps(boardFacts.shape.description),
  icon: perhaps(boardFacts.shape.icon),
  color: perhaps(boardFacts.shape.color),
  created_at: perhaps(boardFacts.shape.created_at),
  archived: perhaps(boardFacts.shape.archived),
  default_workdir: perhaps(boardFacts.shape.default_workdir),
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `default` first, the others by name. */
export async function listBoards(environment: Environment): Promise<BoardFacts[]> {
  const slugs = await homeBoards(environment.root)
  return Promise.all(slugs.map((slug) => boardFactsOf(environment.root, slug)))
}

/** Throws `conflict` when there is one of that name, `invalid` for a name that is no slug. */
export async function createBoard(
  environment: Environment,
  text: string,
  words: BoardWords,
  clock: Clock,
): Promise<BoardFacts> {
  const { root } = environment
  const slug = slugOf(text, 'board')
  if (boardExists(root, slug)) {
    throw new BoardError(
      'conflict',
      `there is a board ${slug} already: use it, or choose another name`,
    )
  }
  const facts = { ...(await boardFactsOf(root, slug)), ...said(words), created_at: clock() }
  await writeFacts(root, facts)
  const board = await openBoard(await chooseBoard(environment, slug), clock)
  await board.store.close()
  return facts
}

/** Changes what is said about a board, never its slug. Throws `not_found`. */
export async function describeBoard(
  environment: Environment,
  slug: string,
  words: BoardWords,
): Promise<BoardFacts> {
  const place = await chooseBoard(environment, slug)
  const facts = { ...(await boardFactsOf(environment.root, place.slug)), ...said(words) }
  await writeFacts(environment.root, facts)
  return facts
}

/** From now on it is meant wherever none is named. Throws `not_found`. */
export async function switchBoard(environment: Environment, slug: string): Promise<string> {
  const place = await chooseBoard(environment, slug)
  await privateFolder(join(environment.root, 'kanban'))
  await writePrivate(join(environment.root, 'kanban', 'current'), `${place.slug}\n`)
  return place.slug
}

/**
 * Moves the board's folder to `boards/_archived`, or deletes it where that is asked for. Returns
 * where it is now, null when it is nowhere. Throws `forbidden` for `default` and `conflict` while a
 * task of it is running.
 */
export async function removeBoard(
  environment: Environment,
  slug: string,
  { forGood, clock }: { forGood: boolean; clock: Clock },
): Promise<string | null> {
  const place = await chooseBoard(environment, slug)
  if (place.slug === 'default') {
    throw new BoardError(
      'forbidden',
      'the board default cannot be removed: archive its tasks instead',
    )
  }
  const { root } = environment
  const folder = folderOf(root, place.slug)
  const target = forGood
    ? null
    : freePath(join(root, 'kanban', 'boards', '_archived'), place.slug, clock())
  const board = await openBoard(place, clock)
  try {
    await board.store.write(async (tx) => {
      const running = await tx.get<{ id: string }>(sql`
        select id from tasks where status = 'running' or exists (
          select 1 from task_runs run where run.task_id = tasks.id
            and run.runner_pid is not null and run.exited_at is null) limit 1`)
      if (running !== undefined) throw stillRunning(place.slug, running.id)
      // Inside the unit of work, so that no claim comes between the look and the move.
      if (target === null) rmSync(folder, { recursive: true })
      else renameSync(folder, target)
    })
  } finally {
    await board.store.close()
  }
  await forget(root, place.slug)
  return target
}

function stillRunning(slug: string, task: string): BoardError {
  return new BoardError(
    'conflict',
    `the board ${slug} cannot be removed: ${task} is running; reclaim or finish it first`,
    { slug, task },
  )
}

function freePath(folder: string, slug: string, now: number): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const wanted = join(folder, `${slug}-${now}`)
  let path = wanted
  for (let n = 2; existsSync(path); n++) path = `${wanted}-${n}`
  return path
}

/** A pointer to a board that is gone would fall through to `default` anyway; without it nobody wonders. */
async function forget(root: string, slug: string): Promise<void> {
  const pointer = join(root, 'kanban', 'current')
  const current = await readFile(pointer, 'utf8').catch(() => '')
  if (current.trim() === slug) await rm(pointer, { force: true })
}

async function writeFacts(root: string, facts: BoardFacts): Promise<void> {
  const folder = folderOf(root, facts.slug)
  await privateFolder(folder)
  await writePrivate(join(folder, 'board.json'), `${JSON.stringify(facts, null, 2)}\n`)
}

/** Without what was left out. */
function said(words: Partial<BoardWords>): Partial<BoardFacts> {
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined))
}
