/** The boards of a home, as schemas of a database that other homes use as well. */

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { openBoard } from '../../src/board/board.ts'
import {
  createBoard,
  describeBoard,
  listBoards,
  removeBoard,
  showBoard,
  switchBoard,
} from '../../src/board/boards.ts'
import { allBoards, chooseBoard } from '../../src/board/places.ts'
import { archivedSchemaOf, schemaOf } from '../../src/board/schema-name.ts'
import { environment } from '../../src/config.ts'
import { onServer } from '../../src/store/postgres-server.ts'
import { quoted, sql } from '../../src/store/sql.ts'
import type { Tx } from '../../src/store/store.ts'
import { newDatabase, newFolder } from '../support/stores.ts'
import { make, refusalOf, stoppedClock, take } from './support.ts'

const clock = stoppedClock()

/** A home that has its boards in `url`; where that is said is what `how` tells. */
function newHome(url: string, how: 'variable' | 'config' = 'variable') {
  const root = newFolder()
  const said = how === 'variable' ? { HERMES_KANBAN_DB: url } : {}
  if (how === 'config') writeFileSync(join(root, 'config.yaml'), `kanban:\n  database: ${url}\n`)
  const facts = environment({ HOME: root, HERMES_KANBAN_HOME: root, ...said })
  return {
    root,
    facts,
    folder: (slug: string) => join(root, 'kanban', 'boards', slug),
    chosen: async () => (await chooseBoard(facts)).slug,
    slugs: async () => (await listBoards(facts)).map(({ slug }) => slug),
    async write<T>(slug: string, body: (tx: Tx) => Promise<T>): Promise<T> {
      const board = await openBoard(await chooseBoard(facts, slug), clock)
      try {
        return await board.store.write(body)
      } finally {
        await board.store.close()
      }
    },
  }
}

function schemasOf(url: string): Promise<string[]> {
  return onServer(url, async (tx) => {
    const rows = await tx.all<{ name: string }>(
      sql`select nspname as name from pg_namespace where nspname like 'kanban%' order by 1`,
    )
    return rows.map(({ name }) => name)
  })
}

describe.skipIf(inject('pgUrl') === undefined)('on PostgreSQL', () => {
  test('a board that one home makes is there for every other, with what was said about it', async () => {
    const url = await newDatabase()
    const [here, there] = [newHome(url), newHome(url, 'config')]
    const words = { name: 'The website', default_workdir: '~/src/site' }
    const made = await createBoard(here.facts, '  WebSite ', words, clock)
    expect(made).toMatchObject({ slug: 'website', ...words, created_at: clock() })
    for (const home of [here, there]) {
      expect(await home.slugs()).toEqual(['default', 'website'])
      expect(await showBoard(home.facts, 'website')).toMatchObject(made)
    }
    const id = await here.write('website', make)
    expect(await there.write('website', (tx) => tx.all(sql`select id from tasks`))).toEqual([
      { id },
    ])
    await describeBoard(there.facts, 'website', { name: 'second' })
    expect((await showBoard(here.facts, 'website')).name).toBe('second')
    await describeBoard(there.facts, 'default', { name: 'Ours' })
    expect((await showBoard(here.facts, 'default')).name).toBe('Ours')
    expect(readdirSync(here.root)).toEqual([])
  })

  test('a board that is there is not made again, by two homes at once neither', async () => {
    const url = await newDatabase()
    const homes = [newHome(url), newHome(url), newHome(url)]
    const made = await Promise.allSettled(
      homes.map(({ facts }, n) => createBoard(facts, 'website', { name: `of ${n}` }, clock)),
    )
    const refused = made.filter((one) => one.status === 'rejected')
    expect(refused).toHaveLength(2)
    const [winner] = made.filter((one) => one.status === 'fulfilled')
    expect((await listBoards(newHome(url).facts))[1]).toEqual(winner?.value)
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'conflict' })
    for (const slug of ['default', 'website']) {
      const refusal = refusalOf(createBoard(newHome(url).facts, slug, {}, clock))
      expect(await refusal).toBe(
        `conflict: there is a board ${slug} already: use it, or choose another name`,
      )
    }
  })

  test('each home has a current board of its own, and one that is gone falls through', async () => {
    const url = await newDatabase()
    const [here, there] = [newHome(url), newHome(url)]
    await createBoard(here.facts, 'website', {}, clock)
    await switchBoard(here.facts, 'website')
    expect([await here.chosen(), await there.chosen()]).toEqual(['website', 'default'])
    const pinned = environment({
      HERMES_KANBAN_HOME: there.root,
      HERMES_KANBAN_DB: url,
      HERMES_KANBAN_BOARD: 'website',
    })
    expect((await chooseBoard(pinned)).slug).toBe('website')
    await removeBoard(there.facts, 'website', { forGood: true, clock })
    expect([await here.chosen(), (await chooseBoard(pinned)).slug]).toEqual(['default', 'default'])
    expect(await refusalOf(chooseBoard(here.facts, 'website'))).toContain('not_found: ')
  })

  test('a schema that is no board of ours is left alone, whatever it is called', async () => {
    const url = await newDatabase()
    await onServer(url, (tx) => tx.run(sql`create schema kanban_backup`))
    const home = newHome(url)
    expect(await home.slugs()).toEqual(['default'])
    expect(await refusalOf(chooseBoard(home.facts, 'backup'))).toContain('not_found: ')
    expect(await refusalOf(createBoard(home.facts, 'backup', {}, clock))).toContain('conflict: ')
  })

  test('names are as long as elsewhere, and two that begin alike are two boards', async () => {
    const url = await newDatabase()
    const home = newHome(url)
    const slugs = ['a', 'b'].map((last) => `${'x'.repeat(63)}${last}`)
    for (const slug of slugs) {
      await createBoard(home.facts, slug, {}, clock)
      expect(Buffer.byteLength(schemaOf(slug))).toBe(63)
      expect(Buffer.byteLength(archivedSchemaOf(slug, '1800000000-2'))).toBe(63)
    }
    const [first = '', second = ''] = slugs
    await home.write(first, make)
    expect(await home.slugs()).toEqual(['default', ...slugs])
    expect(await home.write(second, (tx) => tx.all(sql`select id from tasks`))).toEqual([])
    await removeBoard(home.facts, first, { forGood: false, clock })
    expect(await home.slugs()).toEqual(['default', second])
  })

  test('a board is put away under another name, and can be brought back by it', async () => {
    const url = await newDatabase()
    const [here, there] = [newHome(url), newHome(url)]
    const kept: (string | null)[] = []
    for (const _ of [1, 2]) {
      await createBoard(here.facts, 'website', {}, clock)
      await here.write('website', make)
      kept.push(await removeBoard(there.facts, 'website', { forGood: false, clock }))
      expect(await here.slugs()).toEqual(['default'])
    }
    const schemas = (await schemasOf(url)).filter((name) => name.includes('archived'))
    expect(schemas).toHaveLength(2)
    for (const [n, schema] of schemas.entries())
      expect(kept[n]).toContain(`the schema ${schema} of `)
    const [first = ''] = schemas
    await onServer(url, (tx) =>
      tx.run(sql`alter schema ${quoted(first)} rename to ${quoted(schemaOf('website'))}`),
    )
    expect(await here.slugs()).toEqual(['default', 'website'])
    expect(await here.write('website', (tx) => tx.all(sql`select id from tasks`))).toHaveLength(1)
  })

  test('what this machine has of a board goes with it, but not beside a file of that name', async () => {
    const url = await newDatabase()
    const home = newHome(url)
    for (const [slug, forGood, beside] of [
      ['aside', false, false],
      ['gone', true, false],
      ['twin', true, true],
    ] as const) {
      await createBoard(home.facts, slug, {}, clock)
      for (const name of ['workspaces', 'logs']) {
        mkdirSync(join(home.folder(slug), name), { recursive: true })
      }
      if (beside) writeFileSync(join(home.folder(slug), 'kanban.db'), 'a board of before')
      await removeBoard(home.facts, slug, { forGood, clock })
      expect(existsSync(join(home.folder(slug), 'logs')), slug).toBe(beside)
    }
    const archived = join(home.root, 'kanban', 'boards', '_archived')
    expect(readdirSync(archived)).toEqual([`aside-${clock()}`])
    expect(readdirSync(join(archived, `aside-${clock()}`)).sort()).toEqual(['logs', 'workspaces'])
  })

  test('a board on which something runs is not removed, nor is default', async () => {
    const url = await newDatabase()
    const home = newHome(url)
    await createBoard(home.facts, 'website', {}, clock)
    const id = await home.write('website', async (tx) => {
      const id = await make(tx)
      const { run } = await take(tx, id)
      await tx.run(sql`update task_runs set runner_pid = 7 where id = ${run}`)
      return id
    })
    const remove = () => removeBoard(home.facts, 'website', { forGood: true, clock })
    const refusal = `conflict: the board website cannot be removed: ${id} is running; reclaim or finish it first`
    expect(await refusalOf(remove())).toBe(refusal)
    await home.write('website', (tx) => archive(tx, id))
    expect(await refusalOf(remove())).toContain('conflict: ')
    await home.write('website', (tx) => tx.run(sql`update task_runs set exited_at = ${tx.now}`))
    expect(await remove()).toBeNull()
    expect(await refusalOf(removeBoard(home.facts, 'default', { forGood: true, clock }))).toContain(
      'forbidden: ',
    )
  })

  test('a board that was removed is not made again by whoever still has it open or means it', async () => {
    const url = await newDatabase()
    const [here, there] = [newHome(url), newHome(url)]
    await createBoard(here.facts, 'website', {}, clock)
    const place = await chooseBoard(there.facts, 'website')
    const open = await openBoard(place, clock)
    await removeBoard(here.facts, 'website', { forGood: false, clock })
    await expect(open.store.write(make)).rejects.toMatchObject({ code: 'board_gone' })
    await open.store.close()
    await expect(openBoard(place, clock)).rejects.toMatchObject({ code: 'board_gone' })
    expect(await schemasOf(url)).not.toContain('kanban_website')
  })

  test('a dispatcher is told of all boards, over a connection that it has when it has one', async () => {
    const url = await newDatabase()
    const home = newHome(url)
    await createBoard(home.facts, 'website', {}, clock)
    const board = await openBoard(await chooseBoard(home.facts), clock)
    for (const known of [undefined, board]) {
      const places = await allBoards(home.facts, known)
      expect(places.map(({ slug, database }) => [slug, database])).toEqual([
        ['default', url],
        ['website', url],
      ])
    }
    await board.store.close()
  })
})

test('a URL that comes to nothing is an error, never another board', async () => {
  const home = newHome('postgres://ann:s3cret@127.0.0.1:1/kanban', 'config')
  const refusal = await refusalOf(chooseBoard(home.facts, 'website'))
  expect(refusal).toMatch(/^store_unreachable: postgres:\/\/ann@127\.0\.0\.1:1\/kanban cannot be/)
  expect((await chooseBoard(home.facts)).database).toContain('postgres://')
  writeFileSync(join(home.root, 'config.yaml'), 'kanban:\n  database: [1]\n')
  expect(await refusalOf(chooseBoard(home.facts))).toContain('config: cannot use ')
})

test('a file can be named in the settings too, from the home on', async () => {
  const home = newHome('boards/own.db', 'config')
  expect(await refusalOf(chooseBoard(home.facts))).toMatch(
    /^board_gone: kanban\.database names .*own\.db/,
  )
  mkdirSync(join(home.root, 'boards'))
  expect((await chooseBoard(home.facts)).database).toBe(join(home.root, 'boards', 'own.db'))
  const { facts } = newHome('elsewhere.db', 'config')
  const pinned = environment({ ...facts.variables, HERMES_KANBAN_DB: join(home.root, 'x.db') })
  expect((await chooseBoard(pinned)).database).toBe(join(home.root, 'x.db'))
})
