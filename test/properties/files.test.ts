/** Boards in odd places, and files that are no boards. */

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { openBoard } from '../../src/board/board.ts'
import { createBoard, listBoards, removeBoard, switchBoard } from '../../src/board/boards.ts'
import { list } from '../../src/board/list.ts'
import { chooseBoard } from '../../src/board/places.ts'
import { environment } from '../../src/config.ts'
import type { Tx } from '../../src/store/store.ts'
import { expectInvariants } from '../board/invariants.ts'
import { make, refusalOf, stoppedClock } from '../board/support.ts'
import { newFolder } from '../support/stores.ts'

const clock = stoppedClock()

async function open(file: string) {
  const { store } = await openBoard(
    { slug: 'odd', database: file, workspaces: '', logs: '' },
    clock,
  )
  onTestFinished(() => store.close())
  return store
}

/** A closed board of a few hundred kilobytes. */
async function boardFile(): Promise<string> {
  const file = join(newFolder(), 'kanban.db')
  const store = await open(file)
  await store.write(async (tx) => {
    for (let n = 0; n < 200; n += 1) await make(tx, { body: 'word '.repeat(400) })
  })
  await store.close()
  return file
}

const names = ['with some spaces', 'ünï 漢字 👩‍👩‍👧', `a'b"c`, '50%20?x=1#y', '-rf', 'the end.db']

test.each(names)('a home called %j keeps its boards', async (name) => {
  const root = join(newFolder(), name)
  mkdirSync(root)
  const home = environment({ HOME: root, HERMES_KANBAN_HOME: root })
  await createBoard(home, 'second', { name }, clock)
  await switchBoard(home, 'second')
  const place = await chooseBoard(home)
  expect(place.database).toBe(join(root, 'kanban', 'boards', 'second', 'kanban.db'))
  await (await open(place.database)).write(make)
  await (await open(join(root, 'kanban.db'))).write(make)
  expect((await listBoards(home)).map((board) => board.slug)).toEqual(['default', 'second'])
  const away = await removeBoard(home, 'second', { forGood: false, clock })
  const kept = await open(join(away ?? '', 'kanban.db'))
  expect(await kept.read((reader) => list(reader))).toHaveLength(1)
  expect((await chooseBoard(home)).slug).toBe('default')
})

test('a home behind a link is the home that it leads to', async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'real'))
  symlinkSync(join(folder, 'real'), join(folder, 'link'))
  const [real, linked] = [
    await open(join(folder, 'real', 'kanban.db')),
    await open(join(folder, 'link', 'kanban.db')),
  ]
  await Promise.all([real.write(make), linked.write(make), real.write(make), linked.write(make)])
  expect(await linked.read((reader) => list(reader))).toHaveLength(4)
  await real.read(expectInvariants)
})

const damages: Record<string, (file: string) => void> = {
  'cut off in the middle': (file) => truncateSync(file, 200_000),
  'cut off within a page': (file) => truncateSync(file, 5_000),
  'cut to its first page': (file) => truncateSync(file, 4_096),
  'without its last page': (file) => truncateSync(file, readFileSync(file).length - 4_096),
  'overwritten in the middle': (file) =>
    writeFileSync(file, readFileSync(file).fill(0xaa, 8_192, 65_536)),
  'overwritten at its head': (file) => writeFileSync(file, readFileSync(file).fill(0, 0, 100)),
}

test.each(Object.entries(damages))(
  'a board %s is refused by name and left as it is',
  async (_, damage) => {
    const file = await boardFile()
    damage(file)
    const before = readFileSync(file)
    const refusal = await refusalOf(
      open(file).then((store) => store.read((reader) => list(reader))),
    )
    expect(refusal).toContain(`board_corrupt: ${file} is damaged`)
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(existsSync(`${file}-wal`)).toBe(false)
  },
)

const strangers = {
  "create table bookmarks (id integer primary key, url text); insert into bookmarks values (1, 'x')":
    'it has tables, but none of tasks',
  "create table tasks (id integer primary key, name text); insert into tasks values (1, 'milk')":
    'its tasks have numbers for ids',
  "create table tasks (id text primary key, title text); insert into tasks values ('a', 'milk')":
    'its tasks have no status and no created_at',
}

test.each(Object.entries(strangers))(
  '%s: the database of another program is not made a board',
  async (made, why) => {
    const file = join(newFolder(), 'kanban.db')
    const theirs = new DatabaseSync(file)
    onTestFinished(() => theirs.close())
    theirs.exec(made)
    const tables = theirs.prepare('select sql from sqlite_schema order by name')
    const before = tables.all()
    expect(await refusalOf(open(file))).toBe(
      `board_corrupt: ${file} is not a board but the database of another program (${why}); its tables were left as they are: name another file`,
    )
    expect(tables.all()).toEqual(before)
  },
)

test('an empty file becomes a board', async () => {
  const file = join(newFolder(), 'kanban.db')
  writeFileSync(file, '')
  const store = await open(file)
  await store.write(make)
  await store.read(expectInvariants)
})

test('a board whose log breaks off anywhere is as it was after a whole unit of work', async () => {
  const folder = newFolder()
  const file = join(folder, 'kanban.db')
  const store = await open(file)
  const pair = async (tx: Tx) => make(tx, { parents: [await make(tx)] })
  for (let n = 0; n < 20; n += 1) await store.write(pair)
  const log = readFileSync(`${file}-wal`)
  const counts: number[] = []
  for (let part = 0; part <= 20; part += 1) {
    const copy = join(folder, `copy-${part}.db`)
    copyFileSync(file, copy)
    writeFileSync(`${copy}-wal`, log.subarray(0, Math.floor((log.length * part) / 20)))
    const torn = await open(copy)
    await torn.read(expectInvariants)
    counts.push((await torn.read((reader) => list(reader))).length)
  }
  expect(counts.every((count) => count % 2 === 0)).toBe(true)
  expect(counts).toEqual(counts.toSorted((a, b) => a - b))
  expect(counts.at(-1)).toBe(40)
})
