import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/lib/clock.ts'
import { isVerbatim, migrate, type Schema } from '../../src/store/schema.ts'
import { either, sql, verbatim } from '../../src/store/sql.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { add, notes, texts } from '../support/notes.ts'
import { forEachStore, newFolder } from '../support/stores.ts'

const wider: Schema = {
  tables: [
    {
      name: 'notes',
      primaryKey: 'autoincrement',
      columns: [
        ...(notes.tables[0]?.columns ?? []),
        { name: 'author', type: 'text', notNull: true },
        { name: 'mood', type: 'text', notNull: true, default: "it's fine" },
      ],
    },
    {
      name: 'links',
      primaryKey: ['one', 'other'],
      columns: [
        { name: 'one', type: 'text', notNull: true },
        { name: 'other', type: 'text', notNull: true },
      ],
    },
  ],
  indexes: [...notes.indexes, { name: 'notes_author', table: 'notes', columns: ['author'] }],
}

forEachStore((open) => {
  test('a complete database is only read', async () => {
    const store = await open()
    await migrate(store, notes)
    const readOnly: Store = { ...store, write: () => Promise.reject(new Error('it writes')) }
    await migrate(readOnly, notes)
    await expect(migrate(readOnly, wider)).rejects.toThrow('it writes')
  })

  test('an older database gets what it lacks and keeps what it has', async () => {
    const store = await open()
    await migrate(store, notes)
    await store.write(async (tx) => {
      await tx.run(sql`alter table notes add column theirs text`)
      await tx.run(sql`create table others (id integer)`)
      await tx.run(sql`insert into notes (text, theirs) values ('old', 'kept')`)
    })
    await migrate(store, wider)
    await store.write((tx) => add(tx, 'new'))
    const rows = await store.read((reader) =>
      reader.all(sql`select text, author, mood, theirs from notes order by id`),
    )
    expect(rows).toEqual([
      { text: 'old', author: null, mood: "it's fine", theirs: 'kept' },
      { text: 'new', author: null, mood: "it's fine", theirs: null },
    ])
    expect(await store.read((reader) => reader.all(sql`select id from others`))).toEqual([])
    expect(await indexesOf(store)).toEqual(['notes_author', 'notes_size'])
  })

  test('several may complete an empty database at the same time', async () => {
    const first = await open()
    const stores = [first, ...(await Promise.all([1, 2, 3].map(() => open({ beside: first }))))]
    await Promise.all(stores.map((store) => migrate(store, wider)))
    expect(await indexesOf(first)).toEqual(['notes_author', 'notes_size'])
  })

  test('a column that must have a value is asked for one in a new table', async () => {
    const store = await open()
    await migrate(store, wider)
    await expect(store.write((tx) => add(tx, 'without author'))).rejects.toThrow(/author/)
    await store.write((tx) => tx.run(sql`insert into links (one, other) values ('a', 'b')`))
    await expect(
      store.write((tx) => tx.run(sql`insert into links (one, other) values ('a', 'b')`)),
    ).rejects.toThrow()
  })

  test('a number that was an id is never one again', async () => {
    const store = await open()
    await migrate(store, notes)
    const insert = sql`insert into notes (text) values ('a') returning id`
    const [first, second] = await store.write(async (tx) => {
      const before = await tx.get<{ id: number }>(insert)
      await tx.run(sql`delete from notes`)
      return [before, await tx.get<{ id: number }>(insert)]
    })
    expect(second?.id).toBeGreaterThan(Number(first?.id))
  })

  test('text is sorted by its bytes', async () => {
    const store = await open()
    await migrate(store, notes)
    await store.write(async (tx) => {
      for (const text of ['b', 'Z', 'a', '_', 'é']) await add(tx, text)
    })
    const sorted = await store.read((reader) =>
      reader.all<{ text: string }>(sql`select text from notes order by text`),
    )
    expect(sorted.map((row) => row.text)).toEqual(['Z', '_', 'a', 'b', 'é'])
    expect(await store.read(texts)).toHaveLength(5)
  })
})

for (const [change, remains] of [
  [`insert into notes (text) values ('a')`, true],
  ['analyze', true],
  ['alter table notes add column theirs text', false],
  ['drop index notes_size', false],
  ['create table others (id integer)', false],
  ['create view others as select id from notes', false],
  ['create trigger sqlitetrick after insert on notes begin select 1; end', false],
  ['create trigger others after insert on notes begin select 1; end', false],
] as const) {
  test(`after \`${change}\` a SQLite file is ${remains ? 'still' : 'no longer'} ours word for word`, async () => {
    const file = join(newFolder(), 'notes.db')
    const store = await openSqlite(file, { clock: systemClock, create: true })
    onTestFinished(() => store.close())
    const isOurs = () => store.read((reader) => isVerbatim(reader, notes))
    expect(await isOurs()).toBe(false)
    await migrate(store, notes)
    expect(await isOurs()).toBe(true)
    await store.write((tx) => tx.run(verbatim(change)))
    expect(await isOurs()).toBe(remains)
  })
}

async function indexesOf(store: Store): Promise<string[]> {
  const rows = await store.read((reader) =>
    reader.all<{ name: string }>(
      sql`${either({
        sqlite: sql`select name from sqlite_schema where type = 'index' and sql is not null`,
        postgres: sql`
          select indexname as name from pg_indexes
          where schemaname = current_schema() and indexname not like '%_pkey'`,
      })} order by name`,
    ),
  )
  return rows.map((row) => row.name)
}
