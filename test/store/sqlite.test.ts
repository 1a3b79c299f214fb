import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/lib/clock.ts'
import { migrate } from '../../src/store/schema.ts'
import { sql } from '../../src/store/sql.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { add, heard, notes, texts } from '../support/notes.ts'
import { startPeer } from '../support/peer.ts'
import { newFolder, newStore, placeOf } from '../support/stores.ts'

const options = { clock: systemClock, create: true }

async function openNotes() {
  const store = await newStore.sqlite()
  await migrate(store, notes)
  return store
}

test('six processes open and complete a new file at the same moment', async () => {
  const file = join(newFolder(), 'kanban.db')
  const peers = await Promise.all(
    Array.from({ length: 6 }, () => startPeer({ dialect: 'sqlite', file })),
  )
  await Promise.all(peers.map((peer) => peer.ask('open')))
  await Promise.all(peers.map((peer) => peer.ask('add', 'here')))
  expect(await peers[0]?.ask('count')).toBe('6')
})

test('only its owner may read the file, from the moment it exists', async () => {
  const store = await openNotes()
  const modes = ['', '-wal', '-shm'].map((suffix) => statSync(store.place + suffix).mode & 0o777)
  expect(modes).toEqual([0o600, 0o600, 0o600])
})

test('the mode of a file that was there before is left as it is', async () => {
  const file = join(newFolder(), 'kanban.db')
  writeFileSync(file, '')
  chmodSync(file, 0o660)
  const store = await openSqlite(file, options)
  await store.close()
  expect(statSync(file).mode & 0o777).toBe(0o660)
})

test('a path may have characters that mean something in a URL', async () => {
  const folder = join(newFolder(), 'a b?c#d%20é')
  mkdirSync(folder)
  const file = join(folder, 'kanban.db')
  const store = await openSqlite(file, options)
  await migrate(store, notes)
  await store.write((tx) => add(tx, 'here'))
  await store.close()
  const plain = new DatabaseSync(file)
  expect(plain.prepare('select text from notes').all()).toEqual([{ text: 'here' }])
  plain.close()
})

test('opening waits for a program that has the whole file to itself', async () => {
  const file = join(newFolder(), 'kanban.db')
  const other = new DatabaseSync(file)
  other.exec('begin exclusive; create table theirs (id integer)')
  const opening = openSqlite(file, options)
  other.exec('commit')
  other.close()
  await (await opening).close()
})

test('a file that stays locked is refused, by name', async () => {
  const file = join(newFolder(), 'kanban.db')
  const other = new DatabaseSync(file)
  other.exec('begin exclusive')
  await expect(openSqlite(file, { ...options, patience: 30 })).rejects.toMatchObject({
    code: 'board_busy',
    message: expect.stringContaining(file),
  })
  other.close()
})

test('a missing file is made only when that is asked for', async () => {
  const file = join(newFolder(), 'kanban.db')
  await expect(openSqlite(file, { ...options, create: false })).rejects.toMatchObject({
    code: 'board_gone',
    message: expect.stringContaining(file),
  })
  expect(existsSync(file)).toBe(false)
})

test('a missing folder is never made', async () => {
  const folder = join(newFolder(), 'gone')
  await expect(openSqlite(join(folder, 'kanban.db'), options)).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringContaining('its folder does not exist'),
  })
  expect(existsSync(folder)).toBe(false)
})

test.each([
  ['a text', Buffer.from('these are only my notes, not a database at all\n'.repeat(40))],
  ['half a database', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4080, 7)])],
])('%s in the place of a board is refused and left as it is', async (_, content) => {
  const file = join(newFolder(), 'kanban.db')
  writeFileSync(file, content)
  await expect(openSqlite(file, options)).rejects.toMatchObject({
    code: 'board_corrupt',
    message: expect.stringContaining(file),
  })
  expect(readFileSync(file).equals(content)).toBe(true)
  expect(existsSync(`${file}-wal`)).toBe(false)
})

test('a page that is damaged makes reading it a refusal that names the file', async () => {
  const file = join(newFolder(), 'kanban.db')
  const first = await openSqlite(file, options)
  await migrate(first, notes)
  await first.write((tx) => add(tx, 'x'.repeat(20_000)))
  await first.close()
  const content = readFileSync(file)
  writeFileSync(file, content.fill(0xff, 4096))
  const damaged = await openSqlite(file, options)
  await expect(damaged.read(texts)).rejects.toMatchObject({
    code: 'board_corrupt',
    message: expect.stringContaining(file),
  })
  await damaged.close()
})

test('a board that is removed while it is open is gone, and is not made again', async () => {
  const store = await openNotes()
  await store.write((tx) => add(tx, 'a'))
  for (const suffix of ['', '-wal', '-shm']) await rm(store.place + suffix)
  await expect(store.write((tx) => add(tx, 'b'))).rejects.toMatchObject({ code: 'board_gone' })
  await expect(store.read(texts)).rejects.toMatchObject({ code: 'board_gone' })
  await store.close()
  expect(existsSync(store.place)).toBe(false)
})

test('a board put in the place of an open one is not touched through the old one', async () => {
  const store = await openNotes()
  const folder = newFolder()
  const file = join(folder, 'kanban.db')
  const another = await openSqlite(file, options)
  await migrate(another, notes)
  await another.write((tx) => add(tx, 'the new one'))
  await another.close()
  await rename(file, store.place)
  await expect(store.write((tx) => add(tx, 'b'))).rejects.toMatchObject({ code: 'board_gone' })
  await store.close()
})

test('a watcher is told that the board was removed', async () => {
  const store = await openNotes()
  const rung = new Promise<void>((resolve) => store.watch(resolve))
  rmSync(store.place)
  await rung
  await expect(store.read(texts)).rejects.toMatchObject({ code: 'board_gone' })
})

test('a watcher is told that the folder of the board was put elsewhere', async () => {
  const store = await openNotes()
  const rung = new Promise<void>((resolve) => store.watch(resolve))
  const folder = dirname(store.place)
  const elsewhere = `${folder}-archived`
  onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }))
  renameSync(folder, elsewhere)
  await rung
  await expect(store.read(texts)).rejects.toMatchObject({ code: 'board_gone' })
})

test('a commit of another process is heard at once, not at the next poll', async () => {
  const store = await openNotes()
  const peer = await startPeer(placeOf(store))
  await peer.ask('open')
  const waits: number[] = []
  for (let i = 0; i < 15; i++) {
    const found = heard(store, `note ${i}`)
    await peer.ask('add', `note ${i}`)
    const start = performance.now()
    await found
    waits.push(performance.now() - start)
  }
  // By the poll alone the median would be near 125 ms.
  expect(waits.toSorted((a, b) => a - b)[7]).toBeLessThan(50)
})

test('a path that is a folder is refused in a sentence', async () => {
  const folder = newFolder()
  await expect(openSqlite(folder, options)).rejects.toMatchObject({
    code: 'environment',
    message: `${folder} is a folder: name the file of a board`,
  })
})

// Root may do everything with every file, so that it asks another user's process to try.
test.runIf(process.getuid?.() === 0)(
  'a file that one may only read is read, not written',
  async () => {
    const store = await openNotes()
    await store.write((tx) => add(tx, 'a'))
    chmodSync(join(store.place, '..'), 0o755)
    setModes(store.place, 0o444)
    const nobody = await startPeer(placeOf(store), 65_534)
    await nobody.ask('open')
    expect(await nobody.ask('count')).toBe('1')
    await expect(nobody.ask('add', 'b')).rejects.toThrow(
      /^environment: .*kanban\.db cannot be written/,
    )
    setModes(store.place, 0o000)
    await expect(nobody.ask('open')).rejects.toThrow(/^environment: .*kanban\.db cannot be opened/)
  },
)

function setModes(file: string, mode: number): void {
  for (const suffix of ['', '-wal', '-shm']) chmodSync(file + suffix, mode)
}

test('a disk without room is said to be full, and what was there is still there', async () => {
  const store = await openNotes()
  await store.write((tx) => add(tx, 'small'))
  await store.write((tx) => tx.get(sql`pragma max_page_count = 8`))
  await expect(store.write((tx) => add(tx, 'x'.repeat(200_000)))).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringContaining('full'),
  })
  expect(await store.read(texts)).toEqual(['small'])
})

test('one number that is too large for JavaScript does not break a list', async () => {
  const store = await openNotes()
  await store.write(async (tx) => {
    await add(tx, 'normal')
    await tx.run(sql`insert into notes (text, size) values ('odd', 9007199254740993)`)
  })
  const query = sql`select text, size from notes order by id`
  const list = [
    { text: 'normal', size: 0 },
    { text: 'odd', size: 9_007_199_254_740_992 },
  ]
  expect(await store.read((reader) => reader.all(query))).toEqual(list)
  expect(await store.read((reader) => reader.all(query))).toEqual(list)
})

test('a statement that writes and returns too large a number writes once', async () => {
  const store = await openNotes()
  const row = await store.write((tx) =>
    tx.get(sql`insert into notes (text, size) values ('odd', 9007199254740993) returning size`),
  )
  expect(row).toEqual({ size: 9_007_199_254_740_992 })
  expect(await store.read(texts)).toEqual(['odd'])
})

test('integers are bound as integers, whatever the column says', async () => {
  const store = await openNotes()
  const row = await store.read((reader) =>
    reader.get(sql`select typeof(${5}) as type, json_object('n', ${7}) as json, ${0.5} as real`),
  )
  expect(row).toEqual({ type: 'integer', json: '{"n":7}', real: 0.5 })
})

test('a read cannot write', async () => {
  const store = await openNotes()
  await expect(
    store.read((reader) => reader.all(sql`insert into notes (text) values ('no') returning id`)),
  ).rejects.toThrow()
  expect(await store.read(texts)).toEqual([])
})

test('texts made at run time do not pile up as prepared statements', async () => {
  const store = await openNotes()
  await store.read(async (reader) => {
    for (let i = 0; i < 1_200; i++) {
      await reader.get({ strings: [`select ${i} as n`], parts: [] })
    }
    expect(await reader.get({ strings: ['select 3 as n'], parts: [] })).toEqual({ n: 3 })
  })
})
