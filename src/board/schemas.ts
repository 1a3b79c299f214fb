/** Boards as schemas of a PostgreSQL database, which the homes of several machines can use. */

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../config.ts'
import { type Clock, systemClock } from '../lib/clock.ts'
import type { BoardFacts } from '../model/board.ts'
import { withoutPassword } from '../store/postgres-error.ts'
import { onServer } from '../store/postgres-server.ts'
import { channelOf, takeTurn } from '../store/postgres-turn.ts'
import { literal, quoted, sql } from '../store/sql.ts'
import type { Reader, Tx } from '../store/store.ts'
import { assertAtRest } from './at-rest.ts'
import { openBoard, type Place } from './board.ts'
import { factsIn, textOf } from './board-facts.ts'
import { fact, setFact } from './facts.ts'
import { archivePath, folderOf, missing, placeIn, taken } from './folders.ts'
import { archivedSchemaOf, schemaOf } from './schema-name.ts'
import type { Removal, Shelf } from './shelf.ts'

export function schemas(environment: Environment, url: string): Shelf {
  /** Workspaces and logs are on each machine where they always were. */
  function placeOf(slug: string): Place {
    return { ...placeIn(environment, slug), database: url }
  }

  async function open<T>(slug: string, clock: Clock, work: Work<T>): Promise<T> {
    const board = await openBoard(placeOf(slug), clock)
    try {
      return await work(board.store)
    } finally {
      await board.store.close()
    }
  }

  return {
    slugs: () => onServer(url, slugsOn),
    has: async (slug) => slug === 'default' || (await onServer(url, slugsOn)).includes(slug),
    isMade: (slug) => onServer(url, (reader) => exists(reader, schemaOf(slug))),
    placeOf,
    factsOf: (slug) => open(slug, systemClock, (store) => store.read((tx) => factsOn(tx, slug))),
    async create(facts, clock) {
      if (facts.slug === 'default') throw taken(facts.slug)
      await onServer(url, (tx) => makeSchema(tx, facts.slug))
      await open(facts.slug, clock, (store) => store.write((tx) => keepFacts(tx, facts)))
      await onServer(url, ringDefault)
    },
    keep: (facts) =>
      open(facts.slug, systemClock, (store) => store.write((tx) => keepFacts(tx, facts))),
    async remove(slug, how) {
      const schema = await onServer(url, (tx) => removeSchema(tx, slug, how))
      const aside = schema === null ? null : `${slug}-${how.clock()}`
      const folder = removeFolders(environment.root, slug, aside)
      if (schema === null) return null
      const kept = `the schema ${schema} of ${withoutPassword(url)}`
      return folder === undefined ? kept : `${kept}, and ${folder}`
    },
  }
}

type Work<T> = (store: Awaited<ReturnType<typeof openBoard>>['store']) => Promise<T>

/** The mark of a schema that is a board: others may begin with `kanban_` as well. */
const mark = 'Hermes Kanban board '

/** The boards of a database, `default` first. */
export async function slugsOn(reader: Reader): Promise<string[]> {
  const found = await reader.all<{ name: string; says: string | null }>(sql`
    select nspname as name, obj_description(oid, 'pg_namespace') as says from pg_namespace
    where left(nspname, 7) = 'kanban_'`)
  const slugs = found
    .map(({ name, says }) => ({
      name,
      slug: says?.startsWith(mark) ? says.slice(mark.length) : '',
    }))
    // One that was put away is marked as well, but has another name.
    .filter(({ name, slug }) => slug !== 'default' && schemaOf(slug) === name)
    .map(({ slug }) => slug)
  return ['default', ...slugs.sort()]
}

/** Of two that make the same one waits for the other, and is refused. */
async function makeSchema(tx: Tx, slug: string): Promise<void> {
  const schema = schemaOf(slug)
  await tx.get(sql`select pg_advisory_xact_lock(hashtext('hermes-kanban boards'))`)
  if (await exists(tx, schema)) throw taken(slug)
  await tx.run(sql`create schema ${quoted(schema)}`)
  await tx.run(sql`comment on schema ${quoted(schema)} is ${literal(`${mark}${slug}`)}`)
}

/** Every dispatcher listens to `default`: it looks then which boards there are. */
function ringDefault(tx: Tx): Promise<void> {
  return ring(tx, 'default')
}

async function ring(tx: Tx, slug: string): Promise<void> {
  await tx.get(sql`select pg_notify(${channelOf(schemaOf(slug))}, '')`)
}

async function exists(reader: Reader, schema: string): Promise<boolean> {
  const row = await reader.get(sql`select 1 from pg_namespace where nspname = ${schema}`)
  return row !== undefined
}

const factName = 'board'

export async function factsOn(reader: Reader, slug: string): Promise<BoardFacts> {
  return factsIn(slug, (await fact(reader, factName)) ?? '')
}

function keepFacts(tx: Tx, facts: BoardFacts): Promise<void> {
  return setFact(tx, factName, textOf(facts))
}

/** The name that it has now, null when it is gone. In the turn of a writer: no claim comes between the look and the end. */
async function removeSchema(tx: Tx, slug: string, { forGood }: Removal): Promise<string | null> {
  await takeTurn(tx, schemaOf(slug))
  if (!(await exists(tx, schemaOf(slug)))) throw missing(slug)
  await assertAtRest(tx, slug, 'cannot be removed')
  for (const told of [slug, 'default']) await ring(tx, told)
  if (forGood) {
    await tx.run(sql`drop schema ${quoted(schemaOf(slug))} cascade`)
    return null
  }
  let target = archivedSchemaOf(slug, `${tx.now}`)
  for (let n = 2; await exists(tx, target); n++) target = archivedSchemaOf(slug, `${tx.now}-${n}`)
  await tx.run(sql`alter schema ${quoted(schemaOf(slug))} rename to ${quoted(target)}`)
  return target
}

/**
 * What this machine has of the board goes where its rows went; other machines keep theirs. Left alone
 * beside a file that is a board of the same name. Returns where it is now.
 */
function removeFolders(root: string, slug: string, aside: string | null): string | undefined {
  const folder = folderOf(root, slug)
  if (existsSync(join(folder, 'kanban.db'))) return undefined
  const own = ['workspaces', 'logs'].filter((name) => existsSync(join(folder, name)))
  if (own.length === 0) return undefined
  const target = aside === null ? undefined : archivePath(root, aside)
  if (target !== undefined) mkdirSync(target, { mode: 0o700 })
  for (const name of own) {
    if (target === undefined) rmSync(join(folder, name), { recursive: true })
    else renameSync(join(folder, name), join(target, name))
  }
  return target
}
