/** The boards of a home, as folders on disk. */

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
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
import { chooseBoard, fellThrough } from '../../src/board/places.ts'
import { environment, type Variables } from '../../src/config.ts'
import { sql } from '../../src/store/sql.ts'
import type { Tx } from '../../src/store/store.ts'
import { newFolder } from '../support/stores.ts'
import { make, refusalOf, stoppedClock, take } from './support.ts'

const clock = stoppedClock()

function newHome(more: Variables = {}) {
  const root = newFolder()
  const facts = environment({ HOME: root, HERMES_KANBAN_HOME: root, ...more })
  const folder = (slug: string) => join(root, 'kanban', 'boards', slug)
  return {
    root,
    facts,
    folder,
    archived: join(root, 'kanban', 'boards', '_archived'),
    pointer: join(root, 'kanban', 'current'),
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

test('a board is a folder of its own, with what was said about it', async () => {
  const { facts, folder, slugs, write, root } = newHome()
  const made = await createBoard(
    facts,
    '  WebSite ',
    { name: 'The website', default_workdir: '/srv/site' },
    clock,
  )
  expect(made).toEqual({
    slug: 'website',
    name: 'The website',
    description: '',
    icon: '',
    color: '',
    created_at: clock(),
    archived: false,
    default_workdir: '/srv/site',
  })
  expect(JSON.parse(readFileSync(join(folder('website'), 'board.json'), 'utf8'))).toEqual(made)
  expect(await slugs()).toEqual(['default', 'website'])
  await write('website', make)
  expect(existsSync(join(folder('website'), 'kanban.db'))).toBe(true)
  expect(existsSync(join(root, 'kanban.db'))).toBe(false)
  for (const path of [folder('website'), join(folder('website'), 'board.json')]) {
    expect(statSync(path).mode & 0o077, path).toBe(0)
  }
})

test('what is no slug is refused, and nothing is made', async () => {
  const { facts, root } = newHome()
  const long = 'a'.repeat(65)
  for (const text of ['', ' ', '..', 'a/b', 'a b', 'a.b', '-a', '_archived', 'ü', 'a\0', long]) {
    const refusals = [
      await refusalOf(createBoard(facts, text, {}, clock)),
      await refusalOf(switchBoard(facts, text)),
      await refusalOf(removeBoard(facts, text, { forGood: true, clock })),
    ]
    for (const refusal of refusals) expect(refusal).toMatch(/^invalid: .* is no name for a board: /)
  }
  expect(readdirSync(root)).toEqual([])
  expect((await createBoard(facts, 'a'.repeat(64), {}, clock)).slug).toHaveLength(64)
})

test('a board that is there is not made again, default least of all', async () => {
  const { facts } = newHome()
  await createBoard(facts, 'website', { name: 'first' }, clock)
  for (const slug of ['website', 'WEBSITE', 'default']) {
    expect(await refusalOf(createBoard(facts, slug, { name: 'second' }, clock))).toBe(
      `conflict: there is a board ${slug.toLowerCase()} already: use it, or choose another name`,
    )
  }
  expect((await showBoard(facts, 'website')).name).toBe('first')
})

test('it can be told about anew, default too, and what was not said stays', async () => {
  const { facts } = newHome()
  await createBoard(facts, 'website', { name: 'first', icon: '◎' }, clock)
  await describeBoard(facts, 'website', { name: 'second', default_workdir: '/srv/site' })
  expect(await showBoard(facts, 'website')).toMatchObject({
    slug: 'website',
    name: 'second',
    icon: '◎',
    default_workdir: '/srv/site',
  })
  await describeBoard(facts, 'website', { default_workdir: null })
  expect(await showBoard(facts, 'website')).toMatchObject({ default_workdir: null })
  await describeBoard(facts, 'default', { name: 'Home' })
  expect(await showBoard(facts, 'default')).toMatchObject({ slug: 'default', name: 'Home' })
  expect(await refusalOf(describeBoard(facts, 'gone', { name: 'x' }))).toContain('not_found: ')
})

test('a missing, broken or odd board.json is as good as none, and the slug is the folder', async () => {
  const { facts, folder, slugs } = newHome()
  mkdirSync(folder('website'), { recursive: true })
  const file = join(folder('website'), 'board.json')
  const usual = { slug: 'website', name: 'website', description: '', created_at: null }
  for (const text of ['', '{', '[1]', 'null', '{"slug":"other","name":7,"created_at":"soon"}']) {
    writeFileSync(file, text)
    expect(await showBoard(facts, 'website'), text).toMatchObject(usual)
  }
  writeFileSync(file, '{"slug":"other","name":"Kept","archived":"maybe","more":1}')
  expect(await showBoard(facts, 'website')).toMatchObject({ slug: 'website', name: 'Kept' })
  expect(await slugs()).toEqual(['default', 'website'])
})

test('a pin or a pointer to a board that is gone is told of, and the board in its place', async () => {
  const { facts, root, pointer } = newHome()
  const told = async (env: Readonly<Record<string, string>> = {}) => {
    const asking = environment({ HERMES_KANBAN_HOME: root, ...env })
    return fellThrough(asking, await chooseBoard(asking))
  }
  expect(await told()).toBeUndefined()
  await createBoard(facts, 'website', {}, clock)
  await switchBoard(facts, 'website')
  expect(await told()).toBeUndefined()
  expect(await told({ HERMES_KANBAN_BOARD: 'Default' })).toBeUndefined()
  expect(await told({ HERMES_KANBAN_BOARD: 'nope' })).toBe(
    'HERMES_KANBAN_BOARD names the board "nope", which is not there: this is the board website; correct or unset it',
  )
  writeFileSync(pointer, 'gone\n')
  expect(await told()).toBe(
    `${pointer} names the board "gone", which is not there: this is the board default; \`hermes kanban boards switch <slug>\` names another`,
  )
  expect(await told({ HERMES_KANBAN_DB: join(root, 'other.db') })).toBeUndefined()
})

test('the current board is the one that is meant, until a pin says another', async () => {
  const { facts, chosen, pointer, root } = newHome()
  await createBoard(facts, 'website', {}, clock)
  await createBoard(facts, 'shop', {}, clock)
  expect(await chosen()).toBe('default')
  expect(await switchBoard(facts, ' Website ')).toBe('website')
  expect(readFileSync(pointer, 'utf8')).toBe('website\n')
  expect(await chosen()).toBe('website')
  expect(await refusalOf(switchBoard(facts, 'gone'))).toContain('not_found: there is no board gone')
  expect(await chosen()).toBe('website')
  const pinned = environment({ HERMES_KANBAN_HOME: root, HERMES_KANBAN_BOARD: 'shop' })
  expect((await chooseBoard(pinned)).slug).toBe('shop')
  await switchBoard(facts, 'default')
  expect(await chosen()).toBe('default')
})

test('a board is put away with everything in it, under another name when there is one', async () => {
  const { facts, folder, archived, write, slugs } = newHome()
  const kept: (string | null)[] = []
  for (const _ of [1, 2, 3]) {
    await createBoard(facts, 'website', {}, clock)
    await write('website', make)
    kept.push(await removeBoard(facts, 'website', { forGood: false, clock }))
    expect(existsSync(folder('website'))).toBe(false)
  }
  const name = `website-${clock()}`
  expect(kept).toEqual([name, `${name}-2`, `${name}-3`].map((one) => join(archived, one)))
  expect(await slugs()).toEqual(['default'])
  for (const path of kept) {
    const place = {
      slug: 'website',
      database: join(path ?? '', 'kanban.db'),
      workspaces: '',
      logs: '',
    }
    const { store } = await openBoard(place, clock)
    expect(await store.read((reader) => reader.all(sql`select id from tasks`))).toHaveLength(1)
    await store.close()
  }
  expect(statSync(archived).mode & 0o077).toBe(0)
})

test('a board is deleted for good only when that is asked for', async () => {
  const { facts, folder, archived } = newHome()
  await createBoard(facts, 'website', {}, clock)
  expect(await removeBoard(facts, 'website', { forGood: true, clock })).toBeNull()
  expect(existsSync(folder('website'))).toBe(false)
  expect(existsSync(archived)).toBe(false)
  expect(await refusalOf(removeBoard(facts, 'website', { forGood: true, clock }))).toContain(
    'not_found: ',
  )
})

test('of several that remove a board at once one does, and the others find none', async () => {
  const { facts, slugs } = newHome()
  for (const forGood of [true, false]) {
    await createBoard(facts, 'website', {}, clock)
    const all = Array.from({ length: 3 }, () => removeBoard(facts, 'website', { forGood, clock }))
    const settled = await Promise.allSettled(all)
    const refused = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
    expect(refused).toEqual(['not_found', 'not_found'])
    expect(await slugs()).toEqual(['default'])
  }
})

test('default is not removed', async () => {
  const { facts, write, slugs } = newHome()
  await write('default', make)
  for (const forGood of [true, false]) {
    expect(await refusalOf(removeBoard(facts, 'default', { forGood, clock }))).toBe(
      'forbidden: the board default cannot be removed: archive its tasks instead',
    )
  }
  expect(await slugs()).toEqual(['default'])
})

test('a board on which something runs, or has not ended, is not removed', async () => {
  const { facts, write, slugs } = newHome()
  await createBoard(facts, 'website', {}, clock)
  const id = await write('website', async (tx) => {
    const id = await make(tx)
    const { run } = await take(tx, id)
    await tx.run(sql`update task_runs set runner_pid = 7 where id = ${run}`)
    return id
  })
  const remove = () => removeBoard(facts, 'website', { forGood: true, clock })
  const refusal = `conflict: the board website cannot be removed: ${id} is running; reclaim or finish it first`
  expect(await refusalOf(remove())).toBe(refusal)
  await write('website', (tx) => archive(tx, id))
  expect(await refusalOf(remove())).toContain('conflict: ')
  expect(await slugs()).toEqual(['default', 'website'])
  await write('website', (tx) => tx.run(sql`update task_runs set exited_at = ${tx.now}`))
  expect(await remove()).toBeNull()
})

test('removing the current board makes default the current one, removing another does not', async () => {
  const { facts, chosen, pointer } = newHome()
  await createBoard(facts, 'website', {}, clock)
  await createBoard(facts, 'shop', {}, clock)
  await switchBoard(facts, 'website')
  await removeBoard(facts, 'shop', { forGood: false, clock })
  expect(await chosen()).toBe('website')
  await removeBoard(facts, 'website', { forGood: false, clock })
  expect(await chosen()).toBe('default')
  expect(existsSync(pointer)).toBe(false)
})

test('a board that was removed is not made again by whoever still means it', async () => {
  const { facts, folder } = newHome()
  await createBoard(facts, 'website', {}, clock)
  const place = await chooseBoard(facts, 'website')
  await removeBoard(facts, 'website', { forGood: true, clock })
  await expect(openBoard(place, clock)).rejects.toMatchObject({ name: 'BoardError' })
  expect(existsSync(folder('website'))).toBe(false)
})
