import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Board, openBoard } from '../../src/board/board.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { comments, events } from '../../src/board/history.ts'
import { list } from '../../src/board/list.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { name, sql } from '../../src/store/sql.ts'
import type { Reader, Store } from '../../src/store/store.ts'
import { newFolder } from '../support/stores.ts'
import { expectInvariants } from './invariants.ts'
import { ageName, ages, makeOlder, olderProgram } from './older.ts'
import { make, refusalOf, runRows, take, taskRow } from './support.ts'

async function open(file: string): Promise<Board> {
  const place = { slug: 'old', database: file, workspaces: '', logs: '' }
  const board = await openBoard(place, systemClock)
  onTestFinished(() => board.store.close())
  return board
}

function newFile(): string {
  return join(newFolder(), 'kanban.db')
}

/** Tables with their columns and affinities, and our own indexes; what others added is listed apart. */
async function schemaOf(reader: Reader) {
  const columns = await reader.all<{ name: string }>(sql`
    select m.name || '.' || c.name || ' ' || upper(c.type) || case c.pk when 0 then '' else ' key' end as name
    from sqlite_schema m, pragma_table_info(m.name) c where m.type = 'table'`)
  const indexes = await reader.all<{ name: string }>(sql`
    select name || ': ' || sql as name from sqlite_schema where type = 'index' and name like 'hk_%'`)
  return {
    columns: new Set(columns.map((row) => row.name)),
    indexes: indexes.map((row) => row.name).sort(),
  }
}

let fresh: Awaited<ReturnType<typeof schemaOf>> | undefined

const extras = /spawn_failures|last_spawn_error|goal_|origin_note|task_attachments/

async function expectFreshSchema(store: Store): Promise<void> {
  fresh ??= await (await open(newFile())).store.read(schemaOf)
  const upgraded = await store.read(schemaOf)
  expect([...upgraded.columns].filter((column) => !extras.test(column)).sort()).toEqual(
    [...fresh.columns].sort(),
  )
  expect(upgraded.indexes).toEqual(fresh.indexes)
}

/** The whole file, as text: what must not change when nothing is to be done. */
function dump(file: string): string {
  const database = new DatabaseSync(file)
  const objects = database.prepare('select * from sqlite_schema order by name').all()
  const rows = objects
    .filter((object) => object.type === 'table')
    .map((object) => database.prepare(`select * from "${object.name}" order by 1, 2`).all())
    // Random, and another one in every file.
    .map((all) => all.filter((row) => row.name !== 'identity'))
  database.close()
  return JSON.stringify([objects, rows])
}

describe.each(ages.map((age) => ({ age, called: ageName(age) })))('$called', ({ age }) => {
  test('nothing is lost, and the board is like a new one', async () => {
    const file = newFile()
    makeOlder(file, age)
    const { store } = await open(file)
    await expectFreshSchema(store)
    await store.read(async (reader) => {
      const tasks = (await list(reader)).map((task) => task.id)
      expect(tasks).toHaveLength(age.theirs ? 7 : 5)
      const said = await comments(reader, 't_0000000a')
      expect(said.map((one) => [one.id, one.body])).toEqual(
        [1, 2, 3, 4].map((n) => [n, `comment ${n}`]),
      )
      const past = await events(reader, 't_0000000a', 100)
      const [run] = await runRows(reader, 't_0000000a')
      expect(past.map((event) => [event.id, event.kind, event.run_id])).toEqual([
        [1, 'created', null],
        [2, 'promoted', null],
        [3, 'reprioritized', null],
        [4, 'claimed', run?.id ?? null],
        [5, 'completed', run?.id ?? null],
        [6, 'gave_up', null],
      ])
      expect(past.map((event) => event.payload?.n)).toEqual([0, 1, 2, 3, 4, 5])
      const failed = await taskRow(reader, 't_0000000c')
      expect([failed.consecutive_failures, failed.last_failure_error]).toEqual(
        age.failures === 'older' || age.failures === 'current'
          ? [2, 'command not found']
          : [0, null],
      )
      const [open] = await runRows(reader, 't_0000000d')
      expect(open).toMatchObject({
        status: 'running',
        profile: 'writer',
        claim_lock: 'there:41',
        claim_expires: 900,
        started_at: 150,
      })
      if (age.runs) {
        const sub = await reader.get(sql`select last_event_id from kanban_notify_subs`)
        expect(sub).toEqual({ last_event_id: 4 })
      }
      if (!age.theirs) await expectInvariants(reader)
    })
  })

  test('a second opening writes nothing, and no number is given twice', async () => {
    const file = newFile()
    makeOlder(file, age)
    await (await open(file)).store.close()
    const before = dump(file)
    const { store } = await open(file)
    expect(dump(file)).toBe(before)
    await store.write(async (tx) => {
      expect(await comment(tx, 't_0000000a', 'ann', 'a fifth')).toBe(5)
      const [latest] = await events(tx, 't_0000000a', 1)
      expect(latest).toMatchObject({ kind: 'commented' })
      expect(latest?.id).toBeGreaterThan(6)
    })
  })

  test('a program that knows the older shape alone works beside ours, before and after', async () => {
    const file = newFile()
    makeOlder(file, age)
    const old = olderProgram(file)
    old.comment('t_0000000a', 'before')
    old.create('t_00000010')
    const { store } = await open(file)
    old.create('t_00000011')
    old.comment('t_0000000a', 'after')
    const ours = await store.write(async (tx) => {
      await comment(tx, 't_0000000a', 'ann', 'ours')
      await take(tx, 't_00000011')
      return make(tx)
    })
    expect(old.claim('t_00000011')).toBe(false)
    expect(old.claim(ours)).toBe(true)
    await store.write((tx) => complete(tx, 't_00000011', { summary: 'done by us' }))
    expect(await refusalOf(store.write((tx) => take(tx, ours)))).toMatch(/^wrong_status/)
    old.complete(ours)
    expect(old.comments('t_0000000a').slice(-3)).toEqual(['before', 'after', 'ours'])
    expect(old.tasks()).toContainEqual({
      id: 't_00000011',
      title: 'new',
      status: 'done',
    })
    old.close()
    await store.close()

    const again = await open(file)
    await again.store.read(async (reader) => {
      expect((await taskRow(reader, ours)).status).toBe('done')
      const kinds = (await events(reader, 't_00000011', 9)).map((event) => event.kind)
      expect(kinds).toEqual(['promoted', 'claimed', 'completed'])
      if (!age.theirs) await expectInvariants(reader)
    })
  })

  if (age.failures === 'older' || age.failures === 'both') {
    test('failures that either program counts are seen by the other', async () => {
      const file = newFile()
      makeOlder(file, age)
      const { store } = await open(file)
      const old = olderProgram(file)
      await store.write((tx) =>
        tx.run(sql`
          update tasks set consecutive_failures = 4, last_failure_error = 'ours'
          where id = 't_0000000c'`),
      )
      expect(old.failures('t_0000000c')).toEqual({ count: 4, error: 'ours' })
      old.fail('t_0000000c', 'theirs')
      expect(await store.read((reader) => taskRow(reader, 't_0000000c'))).toMatchObject({
        consecutive_failures: 5,
        last_failure_error: 'theirs',
      })
      old.close()
    })
  }

  if (age.theirs) {
    test('what another program keeps here is shown and left alone', async () => {
      const file = newFile()
      makeOlder(file, age)
      const { store } = await open(file)
      await store.read(async (reader) => {
        const own = await reader.all(
          sql`select status, goal_mode, goal_max_turns from tasks where goal_mode = 1 order by id`,
        )
        expect(own).toEqual([
          { status: 'scheduled', goal_mode: 1, goal_max_turns: 5 },
          { status: 'review', goal_mode: 1, goal_max_turns: 6 },
        ])
        expect(await count(reader, 'task_attachments')).toBe(1)
        expect(await count(reader, 'recent')).toBe(6)
        const index = await reader.get(
          sql`select 1 from sqlite_schema where name = 'idx_events_kind'`,
        )
        expect(index).toBeDefined()
        const note = await reader.get(sql`select origin_note from task_events where id = 1`)
        expect(note).toEqual({ origin_note: 'none' })
      })
    })
  }
})

async function count(reader: Reader, table: string): Promise<number | undefined> {
  const row = await reader.get<{ count: number }>(sql`select count(*) as count from ${name(table)}`)
  return row?.count
}

const opener = fileURLToPath(new URL('./upgrade-program.ts', import.meta.url))

/** Another process; resolves once it waits for a path. */
async function startOpener() {
  const child = spawn(process.execPath, [opener], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  await lines.next()
  return async (file: string) => {
    child.stdin.write(`${file}\n`)
    return (await lines.next()).value
  }
}

test('six processes that open a board at the same time upgrade it once, whatever its age', async () => {
  const openers = await Promise.all(Array.from({ length: 6 }, startOpener))
  for (const age of ages) {
    const [together, alone] = [newFile(), newFile()]
    makeOlder(together, age)
    makeOlder(alone, age)
    const said = await Promise.all(openers.map((open) => open(together)))
    expect(said).toEqual(said.map(() => 'closed'))
    await (await open(alone)).store.close()
    expect(dump(together), ageName(age)).toBe(dump(alone))
  }
}, 60_000)

test('a program of the older shape that goes on writing while others upgrade its board loses nothing', async () => {
  const openers = await Promise.all(Array.from({ length: 3 }, startOpener))
  for (const ids of ['numbers', 'text'] as const) {
    const file = newFile()
    makeOlder(file, { ids, runs: false, failures: 'older', theirs: false })
    const old = olderProgram(file)
    const upgrading = Promise.all(
      openers.map(async (open) => [await open(file), await open(file), await open(file)]),
    )
    const said = Array.from({ length: 60 }, (_, n) => `word ${n}`)
    for (const [n, word] of said.entries()) {
      const id = `t_1000000${n}`
      old.create(id)
      old.comment('t_0000000a', word)
      expect(old.claim(id)).toBe(true)
      if (n % 2 === 0) old.complete(id)
      old.fail('t_0000000c', word)
      await turn()
    }
    expect((await upgrading).flat()).toEqual(Array.from({ length: 9 }, () => 'closed'))
    expect(old.comments('t_0000000a').slice(-said.length)).toEqual(said)
    expect(old.failures('t_0000000c')).toEqual({ count: 62, error: said.at(-1) })
    old.close()
    const { store } = await open(file)
    await store.read(async (reader) => {
      const theirs = (await list(reader)).filter(({ title }) => title === 'new')
      expect(theirs).toHaveLength(said.length)
      expect(theirs.filter(({ status }) => status === 'done')).toHaveLength(said.length / 2)
      await expectInvariants(reader)
    })
  }
}, 30_000)

test('a claim that names nobody and no end can be let go of', async () => {
  const file = newFile()
  const old = new DatabaseSync(file)
  old.exec(
    'create table tasks (id text primary key, title text not null, status text not null, created_at integer not null)',
  )
  old.exec("insert into tasks values ('t_1', 'lost', 'running', 100)")
  old.close()
  const { store } = await open(file)
  await store.read(async (reader) => {
    await expectInvariants(reader)
    const task = await taskRow(reader, 't_1')
    expect(task.claim_expires).toBeLessThanOrEqual(reader.now)
    expect(await runRows(reader, 't_1')).toHaveLength(1)
  })
})

test('a task that a program without runs claims again gets a run of its own', async () => {
  const file = newFile()
  const first = await open(file)
  const id = await first.store.write(async (tx) => {
    const made = await make(tx)
    await take(tx, made)
    return made
  })
  const old = olderProgram(file)
  old.complete(id)
  old.close()
  const raw = new DatabaseSync(file)
  raw.exec(`update tasks set status = 'running', claim_lock = 'old:2', claim_expires = 5000000000`)
  raw.close()
  await first.store.close()
  const { store } = await open(file)
  await store.read(async (reader) => {
    await expectInvariants(reader)
    const runs = await runRows(reader, id)
    expect(runs.map((run) => [run.outcome, run.claim_lock?.startsWith('old:2')])).toEqual([
      ['reclaimed', false],
      [null, true],
    ])
  })
})

describe('a newer shape', () => {
  const shapes = {
    'tasks.owner must have a value that only that program knows':
      "alter table tasks add column owner text not null default 0; pragma writable_schema = on; update sqlite_schema set sql = replace(sql, 'owner text not null default 0', 'owner text not null') where name = 'tasks'",
    'tasks.tenant is integer where we have text':
      "pragma writable_schema = on; update sqlite_schema set sql = replace(sql, 'tenant text', 'tenant integer') where name = 'tasks'",
    'task_events.payload may no longer be empty':
      "pragma writable_schema = on; update sqlite_schema set sql = replace(sql, 'payload text', 'payload text not null') where name = 'task_events'",
  }

  test.each(Object.entries(shapes))('%s: it is read, and not written', async (why, change) => {
    const file = newFile()
    const first = await open(file)
    const id = await first.store.write((tx) => make(tx))
    await first.store.close()
    // Defensive mode keeps people from editing a schema; this test is one of them.
    const raw = new DatabaseSync(file, { defensive: false })
    raw.exec(change)
    raw.close()
    const { store } = await open(file)
    expect((await store.read((reader) => list(reader))).map((task) => task.id)).toEqual([id])
    const refusal = await refusalOf(store.write((tx) => comment(tx, id, 'ann', 'hm')))
    expect(refusal).toBe(
      `board_newer: ${file} cannot be changed by this version: a newer program has shaped it (${why}); update hermes-kanban, or use that program`,
    )
  })

  test('columns and tables beside ours are none', async () => {
    const file = newFile()
    await (await open(file)).store.close()
    const raw = new DatabaseSync(file)
    raw.exec(
      "alter table kanban_notify_subs add column delivery_mode text not null default 'notify'",
    )
    raw.exec('create table goals (id text not null)')
    raw.close()
    const { store } = await open(file)
    await store.write((tx) => make(tx))
  })
})

test('what is renamed is found without a look at the history', async () => {
  const { store } = await open(newFile())
  const plan = await store.read((reader) =>
    reader.all<{ detail: string }>(sql`
      explain query plan select 1 from task_events
      where kind in ('ready', 'priority', 'spawn_auto_blocked') limit 1`),
  )
  expect(plan.map((step) => step.detail).join()).toMatch(/hk_events_older_kinds/)
})
