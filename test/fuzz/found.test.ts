/** What only such examples have found, each on its own. */

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { openBoard } from '../../src/board/board.ts'
import { list } from '../../src/board/list.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { refusalOf } from '../board/support.ts'
import { newHome } from '../operations/home.ts'
import { newFolder } from '../support/stores.ts'
import { placeAt, wholeBoard } from './board-files.ts'

async function spoilt(spoil: (file: string) => void): Promise<string> {
  const file = join(newFolder(), 'kanban.db')
  copyFileSync(await wholeBoard(), file)
  spoil(file)
  return file
}

const altered = (statement: string) =>
  spoilt((file) => {
    const database = new DatabaseSync(file)
    database.exec(statement)
    database.close()
  })

test('bytes in the place of a text are read as the text that they are', async () => {
  const file = await altered("update tasks set title = x'616263', skills = x'5b', result = x'ff'")
  const { store } = await openBoard(placeAt(file), systemClock)
  const tasks = await store.read((reader) => list(reader))
  await store.close()
  expect(new Set(tasks.map(({ title }) => title))).toEqual(new Set(['abc']))
})

test('a view of a table that is gone keeps nobody from the board', async () => {
  const file = await altered(
    'create table gone (x); create view extra as select * from gone; drop table gone',
  )
  const { store } = await openBoard(placeAt(file), systemClock)
  expect(await store.read((reader) => list(reader))).not.toEqual([])
  await store.close()
})

test('a file of a format that SQLite does not know is refused as damaged, and left as it is', async () => {
  const file = await spoilt((path) => {
    const bytes = readFileSync(path)
    bytes[47] = 5
    writeFileSync(path, bytes)
  })
  const before = readFileSync(file)
  const refusal = await refusalOf(openBoard(placeAt(file), systemClock))
  expect(refusal).toContain(`board_corrupt: ${file} is damaged`)
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('a parent that can be no id is refused in one short line', async () => {
  const { run } = await newHome()
  for (const odd of ['two\nlines', 'long '.repeat(1000)]) {
    const { code, err } = await run('create', 'x', '--parent', odd)
    expect(code).toBe(2)
    expect(err).toMatch(/^cannot create: --parent must be ids of tasks$/)
  }
})
