/** Copying a board between the files of a home and a database, there and back. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, inject, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { block } from '../../src/board/block.ts'
import { openBoard, type Place } from '../../src/board/board.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { create } from '../../src/board/create.ts'
import { identityOf } from '../../src/board/facts.ts'
import { folders } from '../../src/board/folders.ts'
import { remove } from '../../src/board/remove.ts'
import { schema } from '../../src/board/schema.ts'
import { schemas } from '../../src/board/schemas.ts'
import { subscribe } from '../../src/board/subscriptions.ts'
import { environment } from '../../src/config.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { name, sql } from '../../src/store/sql.ts'
import type { Store, Tx } from '../../src/store/store.ts'
import { expectInvariants } from '../board/invariants.ts'
import { make, take, task } from '../board/support.ts'
import { newDatabase } from '../support/stores.ts'
import { hermes, newRoot } from './home.ts'

/** Tasks in every state, with all that can be around one. */
async function furnish(tx: Tx): Promise<void> {
  const parent = await make(tx, { title: 'first', assignee: 'writer' })
  const child = await make(tx, { parents: [parent], skills: ['translation'], tenant: 'acme' })
  const fence = await take(tx, parent)
  await complete(tx, parent, { fence, summary: 'so', metadata: { files: ['a'] } })
  await tx.run(sql`update task_runs set exited_at = ${tx.now}`)
  await comment(tx, child, 'ann', 'zwölf Boxkämpfer 漢字 👩‍👩‍👧\n"quoted" \\ \t and more')
  await block(tx, child, { reason: 'which one?' })
  await subscribe(tx, { task_id: child, platform: 'telegram', chat_id: '7', thread_id: '' }, 'ann')
  const gone = await make(tx)
  await archive(tx, gone)
  await remove(tx, gone, 'user', 'here+1')
  await tx.run(sql`delete from task_events where task_id = ${gone}`)
  for (let n = 0; n < 1203; n += 1) await create(tx, task({ title: `bulk ${n}` }), 'user')
}

/** Everything on a board but what it knows about itself. */
async function rowsOf(store: Store): Promise<Record<string, unknown[]>> {
  return store.read(async (reader) => {
    const all: Record<string, unknown[]> = {}
    for (const { name: table, columns, primaryKey } of schema.tables) {
      if (table === 'kanban_facts') continue
      const key = primaryKey === 'autoincrement' ? ['id'] : primaryKey
      const rows = await reader.all<Record<string, unknown>>(
        sql`select * from ${name(table)} order by ${name(key[0] ?? 'id')}`,
      )
      all[table] = rows.map((row) => columns.map((column) => row[column.name]))
    }
    return all
  })
}

async function open<T>(place: Place, work: (store: Store) => Promise<T>): Promise<T> {
  const { store } = await openBoard(place, systemClock)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** A home with a database named in its settings, and a board of its own with tasks in a file. */
async function newHome() {
  const url = await newDatabase()
  const root = newRoot()
  const facts = environment({ HOME: root, HERMES_KANBAN_HOME: root })
  const [files, database] = [folders(facts), schemas(facts, url)]
  await files.create({ ...(await files.factsOf('web')), name: 'The web', icon: '◎' }, systemClock)
  await open(files.placeOf('web'), (store) => store.write(furnish))
  writeFileSync(join(root, 'config.yaml'), `kanban:\n  database: ${url}\n`)
  const copy = (...words: string[]) => hermes(root, ['kanban', 'boards', 'copy', ...words])
  return { url, root, files, database, copy }
}

describe.skipIf(inject('pgUrl') === undefined)('on PostgreSQL', () => {
  test('a board is copied to the database and back, and is the same board', async () => {
    const { files, database, copy } = await newHome()
    const there = await copy('web', '--to', 'database', '--json')
    expect(there).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(there.out)).toMatchObject({
      rows: { tasks: 1205, task_links: 1, task_comments: 1, kanban_notify_subs: 1 },
      changed: [],
      left: [],
      missed: 0,
    })
    const back = await copy('web', '--to', 'files', '--as', 'again')
    expect(back).toMatchObject({ code: 0, err: '' })
    expect(back.out).toMatch(
      /^Copied board web as again from postgresql:\/\/.* to .*again\/kanban\.db\n1205 tasks, 1 link, 1 comment, 2 runs, \d+ events, 1 subscription\nThe original is as it was\n$/,
    )
    const places = [files.placeOf('web'), database.placeOf('web'), files.placeOf('again')]
    const [before, between, after] = await Promise.all(places.map((place) => open(place, rowsOf)))
    expect(between).toEqual(before)
    expect(after).toEqual(before)
    expect(await database.factsOf('web')).toEqual(await files.factsOf('web'))
    expect(await files.factsOf('again')).toMatchObject({ slug: 'again', name: 'The web' })
    const identities = places.map((place) => open(place, (store) => store.read(identityOf)))
    expect(new Set(await Promise.all(identities)).size).toBe(3)
    for (const place of places) await open(place, (store) => store.read(expectInvariants))
  })

  test('no number is given again that the original has given', async () => {
    const { files, database, copy } = await newHome()
    await copy('web', '--to', 'database')
    await copy('web', '--to', 'files', '--as', 'again')
    const next = async (place: Place) =>
      open(place, (store) =>
        store.write(async (tx) => {
          const id = await make(tx)
          const { run } = await take(tx, id)
          const event = await tx.get<{ id: number }>(sql`select max(id) as id from task_events`)
          return { run, event: event?.id }
        }),
      )
    const expected = await next(files.placeOf('web'))
    expect(await next(database.placeOf('web'))).toEqual(expected)
    expect(await next(files.placeOf('again'))).toEqual(expected)
  })

  test('a dry run tells the same and makes nothing', async () => {
    const { database, copy } = await newHome()
    const dry = await copy('web', '--to', 'database', '--dry-run')
    expect(dry.out).toMatch(
      /^Would copy board web .*\n1205 tasks, .*\nA dry run: nothing was written\n$/,
    )
    expect(await database.slugs()).toEqual(['default'])
  })

  test('a board with tasks is not copied over, and one where something runs not at all', async () => {
    const { files, copy } = await newHome()
    await copy('web', '--to', 'database')
    const refused = {
      code: 1,
      out: '',
      err: 'hermes: there is a board web with tasks already where the copy is to be: name another with --as\n',
    }
    expect(await copy('web', '--to', 'database')).toEqual(refused)
    expect(await copy('web', '--to', 'database', '--dry-run')).toEqual(refused)
    expect((await copy('web', '--to', 'database', '--as', 'second')).code).toBe(0)
    const id = await open(files.placeOf('web'), (store) =>
      store.write(async (tx) => {
        const id = await make(tx)
        await take(tx, id)
        return id
      }),
    )
    expect((await copy('web', '--to', 'database', '--as', 'third')).err).toBe(
      `hermes: the board web cannot be copied: ${id} is running; reclaim or finish it first\n`,
    )
    expect((await copy('none', '--to', 'database')).err).toContain('there is no board none in ')
    expect((await copy('web', '--to', 'nowhere')).code).toBe(2)
  })

  test('the default board goes over the empty one that is there', async () => {
    const { files, database, copy } = await newHome()
    await open(files.placeOf('default'), (store) =>
      store.write((tx) => make(tx, { title: 'only' })),
    )
    await open(database.placeOf('default'), async () => {})
    expect((await copy('default', '--to', 'database')).code).toBe(0)
    const [before, after] = [files, database].map((shelf) => open(shelf.placeOf('default'), rowsOf))
    expect(await after).toEqual(await before)
  })

  test('what a file has and a server cannot keep is told', async () => {
    const { files, database, copy } = await newHome()
    const file = new DatabaseSync(files.placeOf('web').database)
    file.exec(`
      alter table tasks add column goal_mode text;
      create table task_attachments (id integer primary key, name text);
      insert into task_attachments (name) values ('a.png');
      update tasks set goal_mode = 'on', title = 'a' || char(0) || 'b' where title = 'bulk 7';
      update tasks set priority = 'urgent', not_before = 17.5 where title = 'bulk 8'`)
    file.close()
    const { out } = await copy('web', '--to', 'database')
    expect(out.split('\n').slice(2, -2).toSorted()).toEqual([
      'Changed: tasks.priority: what was in it is no whole number, and was left out',
      'Changed: tasks.title: it had characters that no database keeps, and has them no more',
      'Left out: task_attachments (1): there is no such table here',
      'Left out: tasks.goal_mode: it is of another program, and there is no such column here',
    ])
    const kept = await open(database.placeOf('web'), (store) =>
      store.read((reader) =>
        reader.all(sql`
          select title, priority, not_before from tasks where title in ('ab', 'bulk 8') order by title`),
      ),
    )
    expect(kept).toEqual([
      { title: 'ab', priority: 0, not_before: null },
      { title: 'bulk 8', priority: 0, not_before: 18 },
    ])
  })
})

test('without a database there is nothing to copy to', async () => {
  expect(
    await hermes(newRoot(), ['kanban', 'boards', 'copy', 'default', '--to', 'database']),
  ).toEqual({
    code: 1,
    out: '',
    err: 'hermes: no database is named to copy to or from: set kanban.database in config.yaml, or HERMES_KANBAN_DB, to a postgres:// URL\n',
  })
})
