import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { type Board, openBoard } from '../../src/board/board.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { getTask } from '../../src/board/find.ts'
import { comments, events } from '../../src/board/history.ts'
import { hermesBoard } from '../../src/board/import/hermes.ts'
import type { Report } from '../../src/board/import/report.ts'
import { take as takeFrom } from '../../src/board/import/take.ts'
import { link } from '../../src/board/links.ts'
import { subscribe, subscriptions } from '../../src/board/subscriptions.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { sql } from '../../src/store/sql.ts'
import type { Store } from '../../src/store/store.ts'
import { newHome } from '../operations/home.ts'
import { newFolder } from '../support/stores.ts'
import { expectInvariants } from './invariants.ts'
import { ageName, ages, makeOlder } from './older.ts'
import { everything, forEachBoard, kinds, make, runRows, take, taskIn, taskRow } from './support.ts'

/** Another installation's board. */
async function newSource(): Promise<Board> {
  const database = join(newFolder(), 'kanban.db')
  const board = await openBoard({ slug: 'there', database, workspaces: '', logs: '' }, systemClock)
  onTestFinished(() => board.store.close())
  return board
}

async function importFrom(file: string, store: Store, dryRun = false): Promise<Report> {
  const source = await hermesBoard(file, systemClock)
  try {
    return await takeFrom(store, source, { dryRun })
  } finally {
    await source.close()
  }
}

const none = { task: 0, link: 0, comment: 0, run: 0, event: 0, subscription: 0 }

forEachBoard((open) => {
  test('tasks keep their ids, and everything about them comes with them', async () => {
    const there = await newSource()
    const [parent, child] = await there.store.write(async (tx) => {
      const first = await make(tx, { title: 'first', assignee: 'writer', body: 'long\ntext' })
      const second = await make(tx, { title: 'second', parents: [first], skills: ['a', 'b'] })
      await take(tx, first)
      await comment(tx, first, 'ann', 'hello')
      await complete(tx, first, { summary: 'done so', metadata: { files: 3 } })
      const place = { task_id: second, platform: 'telegram', chat_id: '7', thread_id: '' }
      await subscribe(tx, place, 'ann')
      await archive(tx, await make(tx))
      return [first, second]
    })
    const store = await open()
    await store.write((tx) => taskIn(tx, 'done'))
    const report = await importFrom(there.database, store)
    expect(report).toEqual({
      taken: { task: 3, link: 1, comment: 1, run: 1, event: 8, subscription: 1 },
      here: 0,
      changed: [],
      left: [],
    })
    await store.read(async (reader) => {
      const before = await there.store.read((source) => getTask(source, parent))
      expect(await getTask(reader, parent)).toEqual(before)
      expect(await getTask(reader, child)).toMatchObject({ status: 'ready', skills: ['a', 'b'] })
      const [run] = await runRows(reader, parent)
      expect(run).toMatchObject({ outcome: 'completed', summary: 'done so', host: 'here+1' })
      expect((await comments(reader, parent)).map(({ body }) => body)).toEqual(['hello'])
      const past = await events(reader, parent, 9)
      expect(past.map(({ kind, run_id }) => [kind, run_id])).toEqual([
        ['created', null],
        ['claimed', run?.id],
        ['commented', null],
        ['completed', run?.id],
      ])
      expect(past[1]?.payload?.run_id).toBe(run?.id)
      const [subscription] = await subscriptions(reader)
      const newest = await reader.get<{ id: number }>(sql`select max(id) as id from task_events`)
      expect(subscription).toMatchObject({ user_id: 'ann', last_event_id: newest?.id })
      await expectInvariants(reader)
    })
  })

  test('taken again, only what is new is taken', async () => {
    const there = await newSource()
    const store = await open()
    const first = await there.store.write((tx) => make(tx))
    await importFrom(there.database, store)
    await store.write((tx) => comment(tx, first, 'bob', 'said here'))
    const before = await store.read(everything)
    await there.store.write((tx) => comment(tx, first, 'ann', 'said there'))
    expect(await importFrom(there.database, store)).toEqual({
      taken: none,
      here: 1,
      changed: [],
      left: [],
    })
    expect(await store.read(everything)).toEqual(before)
    const second = await there.store.write((tx) => make(tx, { parents: [first] }))
    const report = await importFrom(there.database, store)
    expect(report.taken).toEqual({ ...none, task: 1, link: 1, event: 1 })
    await store.read(async (reader) => {
      expect((await getTask(reader, second)).status).toBe('todo')
      await expectInvariants(reader)
    })
  })

  test('on a board of many pages every event stays with its run', async () => {
    const there = await newSource()
    await there.store.write(async (tx) => {
      for (let n = 0; n < 250; n += 1) {
        const id = await make(tx, { title: `task ${n}`, assignee: 'writer' })
        await take(tx, id)
        await complete(tx, id, { summary: `summary of ${id}`, result: 'r'.repeat(40_000) })
      }
    })
    const store = await open()
    await store.write((tx) => taskIn(tx, 'done'))
    const { taken } = await importFrom(there.database, store)
    expect(taken).toMatchObject({ task: 250, run: 250, event: 750 })
    await store.read(async (reader) => {
      const strayed = await reader.all(sql`
        select event.id from task_events event left join task_runs run on run.id = event.run_id
        where event.kind in ('claimed', 'completed') and event.task_id in (
          select id from tasks where title like 'task %')
          and (run.task_id is null or run.task_id <> event.task_id
            or run.summary <> 'summary of ' || event.task_id)`)
      expect(strayed).toEqual([])
      await expectInvariants(reader)
    })
  })

  test('a dry run tells the same and writes nothing', async () => {
    const there = await newSource()
    await there.store.write(async (tx) => {
      for (const status of ['running', 'todo', 'done', 'blocked']) await taskIn(tx, status)
    })
    const store = await open()
    const before = await store.read(everything)
    const told = await importFrom(there.database, store, true)
    expect(await store.read(everything)).toEqual(before)
    expect(await importFrom(there.database, store)).toEqual(told)
  })

  test('a dry run waits for no writer', async () => {
    const there = await newSource()
    await there.store.write((tx) => make(tx))
    const store = await open()
    const beside = await open({ beside: store })
    const told = await store.write(() => importFrom(there.database, beside, true))
    expect(told.taken.task).toBe(1)
  })

  test('an id that another task has here is left out, with all about it', async () => {
    const there = await newSource()
    const store = await open()
    const [taken, id] = await there.store.write(async (tx) => {
      const free = await make(tx)
      const twice = await make(tx, { parents: [free] })
      await comment(tx, twice, 'ann', 'hello')
      return [free, twice]
    })
    await store.write(async (tx) => {
      const own = await make(tx, { title: 'ours' })
      await tx.run(sql`update tasks set id = ${id}, created_at = 5 where id = ${own}`)
    })
    const report = await importFrom(there.database, store)
    expect(report.taken).toEqual({ ...none, task: 1, event: 1 })
    expect(report.left).toEqual([
      { why: 'another task has this id here', count: 1, which: [id] },
      {
        why: 'its task was not taken',
        count: 2,
        which: [`comment of ${id}`, `event of ${id}`],
      },
      { why: 'one of its tasks was not taken', count: 1, which: [`${taken} -> ${id}`] },
    ])
    await store.read(async (reader) => {
      expect((await getTask(reader, id)).title).toBe('ours')
      expect(await comments(reader, id)).toEqual([])
    })
  })

  test('what was running waits again: its worker belongs to another installation', async () => {
    const there = await newSource()
    const id = await there.store.write((tx) => taskIn(tx, 'running'))
    const store = await open()
    const report = await importFrom(there.database, store)
    expect(report.changed).toEqual([
      {
        why: 'it was running; its worker belongs to another installation, so it waits again',
        count: 1,
        which: [id],
      },
    ])
    await store.write(async (tx) => {
      expect(await taskRow(tx, id)).toMatchObject({ status: 'ready', claim_lock: null })
      const [run] = await runRows(tx, id)
      expect(run).toMatchObject({ outcome: 'reclaimed', status: 'reclaimed' })
      expect(await kinds(tx, id)).toEqual(['created', 'claimed', 'reclaimed'])
      await expectInvariants(tx)
      await take(tx, id)
    })
    expect(await there.store.read((reader) => taskRow(reader, id))).toMatchObject({
      status: 'running',
    })
  })

  test('a task that waited for one that was left out waits no more', async () => {
    const there = await newSource()
    const store = await open()
    const [parent, child] = await there.store.write(async (tx) => {
      const first = await make(tx)
      return [first, await make(tx, { parents: [first] })]
    })
    await store.write(async (tx) => {
      const own = await make(tx)
      await tx.run(sql`update tasks set id = ${parent}, created_at = 5 where id = ${own}`)
    })
    await importFrom(there.database, store)
    await store.read(async (reader) => {
      expect((await getTask(reader, child)).status).toBe('ready')
      await expectInvariants(reader)
    })
  })

  test('an idempotency key stays with the open task that has it here', async () => {
    const there = await newSource()
    const store = await open()
    const id = await there.store.write((tx) => make(tx, { idempotency_key: 'nightly' }))
    await store.write((tx) => make(tx, { idempotency_key: 'nightly' }))
    const report = await importFrom(there.database, store)
    expect(report.changed[0]?.which).toEqual([id])
    expect((await store.read((reader) => getTask(reader, id))).idempotency_key).toBe(null)
  })

  test('links that would close a circle are left out', async () => {
    const there = await newSource()
    const store = await open()
    const [a, b, below] = await there.store.write(async (tx) => {
      const first = await make(tx)
      const second = await make(tx, { parents: [first] })
      const third = await make(tx, { parents: [second] })
      await tx.run(
        sql`insert into task_links (parent_id, child_id) values (${second}, ${first}), (${third}, ${third})`,
      )
      return [first, second, third]
    })
    const { taken, left } = await importFrom(there.database, store)
    expect(taken.link).toBe(2)
    expect(left).toHaveLength(1)
    expect(left[0]).toMatchObject({ why: 'it would close a circle', count: 2 })
    expect(left[0]?.which).toContain(`${below} -> ${below}`)
    expect(left[0]?.which.some((one) => one === `${a} -> ${b}` || one === `${b} -> ${a}`)).toBe(
      true,
    )
    await store.read(expectInvariants)
  })

  test('a circle that only both boards together make is seen', async () => {
    const there = await newSource()
    const store = await open()
    const [a, b] = await there.store.write(async (tx) => [await make(tx), await make(tx)] as const)
    await importFrom(there.database, store)
    await store.write((tx) => link(tx, b, a))
    const between = await there.store.write(async (tx) => {
      const id = await make(tx, { parents: [a] })
      await link(tx, id, b)
      return id
    })
    const { taken, left } = await importFrom(there.database, store)
    expect(taken.link).toBe(1)
    expect(left).toMatchObject([{ why: 'it would close a circle', count: 1 }])
    await store.read(async (reader) => {
      await expectInvariants(reader)
      expect((await getTask(reader, between)).status).toMatch(/todo|ready/)
    })
  })

  test('odd cells are made what their column can keep', async () => {
    const there = await newSource()
    const store = await open()
    const id = await there.store.write(async (tx) => {
      const made = await make(tx)
      await tx.run(sql`
        update tasks set priority = 'high', started_at = 1.5, skills = 'no json', body = x'00ff'
        where id = ${made}`)
      return made
    })
    await importFrom(there.database, store)
    expect(await store.read((reader) => taskRow(reader, id))).toMatchObject({
      priority: 0,
      started_at: null,
      skills: 'no json',
    })
  })

  test('what a writer has just committed is taken, and the file is left as it is', async () => {
    const there = await newSource()
    const store = await open()
    const ids = await there.store.write(async (tx) => [await make(tx), await make(tx)])
    const before = await there.store.read(everything)
    const report = await importFrom(there.database, store)
    expect(report.taken.task).toBe(ids.length)
    expect(await there.store.read(everything)).toEqual(before)
  })
})

test.each(ages.map((age) => [ageName(age), age]))(
  'a board of any age is taken (%s)',
  async (_name, age) => {
    const file = join(newFolder(), 'kanban.db')
    makeOlder(file, age)
    const before = dump(file)
    const { store } = await newSource()
    const report = await importFrom(file, store)
    expect(dump(file)).toBe(before)
    expect(report.taken).toMatchObject({ task: age.theirs ? 7 : 5, link: 2, comment: 4, event: 6 })
    expect(report.changed).toMatchObject([{ count: 1, which: ['t_0000000d'] }])
    const left = report.left.flatMap(({ which }) => which)
    if (!age.theirs) {
      expect(left).toEqual([])
      await store.read(expectInvariants)
      return
    }
    expect(left).toEqual(
      expect.arrayContaining([
        'tasks.goal_mode',
        'tasks.goal_max_turns',
        'task_attachments (1 row)',
      ]),
    )
    const own = await store.read((reader) =>
      reader.all(sql`select id, status from tasks where status in ('scheduled', 'review')`),
    )
    expect(own).toHaveLength(2)
  },
)

function dump(file: string): string {
  const database = new DatabaseSync(file)
  const schema = database.prepare('select * from sqlite_schema order by name').all()
  const tables = schema.filter(({ type }) => type === 'table')
  const rows = tables.map(({ name }) => database.prepare(`select * from "${name}"`).all())
  database.close()
  return JSON.stringify([schema, rows])
}

test('the command tells what was taken, what was not, and why', async () => {
  const home = await newHome()
  const there = await newSource()
  const id = await there.store.write(async (tx) => taskIn(tx, 'running'))
  const dry = await home.run('import', 'hermes', there.database, '--dry-run')
  expect(dry.out.split('\n')).toEqual([
    `Would take 1 task, 0 links, 0 comments, 1 run, 2 events, 0 subscriptions from ${there.database} onto default`,
    `Changed: ${id}: it was running; its worker belongs to another installation, so it waits again`,
    'A dry run: nothing was written',
  ])
  expect(await home.json('import', 'hermes', there.database)).toMatchObject({
    source: there.database,
    board: 'default',
    dry_run: false,
    in_place: false,
    taken: { task: 1, run: 1 },
  })
  const again = await home.run('import', 'hermes', there.database)
  expect(again.out).toContain('Here already, left as they are: 1')
})

test("a board's own file is not taken onto itself", async () => {
  const home = await newHome()
  await home.create('one')
  const file = join(home.root, 'kanban.db')
  const before = await home.board.store.read(everything)
  const { code, out } = await home.run('import', 'hermes', file)
  expect(code).toBe(0)
  expect(out).toBe(`${file} is the file of board default itself: it is up to date, nothing to take`)
  expect(await home.board.store.read(everything)).toEqual(before)
})

test('what is no board is refused in a sentence', async () => {
  const home = await newHome()
  const folder = newFolder()
  const empty = join(folder, 'empty.db')
  const other = new DatabaseSync(empty)
  other.exec('create table notes (id integer)')
  other.close()
  const refusals = {
    [join(folder, 'nothing')]: 'there is no such file: name the kanban.db of a board',
    [folder]: 'it is no file: name the kanban.db of a board',
    [import.meta.filename]: 'it is no SQLite database, or a damaged one',
    [empty]: 'it is a database, but no board: it has no such tasks',
  }
  for (const [path, why] of Object.entries(refusals)) {
    const { code, err } = await home.run('import', 'hermes', path)
    expect({ code, err }).toEqual({
      code: 1,
      err: `${path} cannot be imported: ${why}; nothing was taken`,
    })
  }
})
