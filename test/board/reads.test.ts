import { expect, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { backfill } from '../../src/board/backfill.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { workerContext } from '../../src/board/context.ts'
import { create } from '../../src/board/create.ts'
import { findId, getTask } from '../../src/board/find.ts'
import {
  comments,
  events,
  getRun,
  latestEventId,
  latestSummary,
  runs,
} from '../../src/board/history.ts'
import { list } from '../../src/board/list.ts'
import { show } from '../../src/board/show.ts'
import { stats } from '../../src/board/stats.ts'
import { statusNames } from '../../src/model/status.ts'
import { sql } from '../../src/store/sql.ts'
import { forEachBoard, make, refusalOf, stoppedClock, take, task, taskIn } from './support.ts'

forEachBoard((open, dialect) => {
  test('a task is found by its id or the only beginning that it has alone', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const ids = ['t_aa000000', 't_aa100000', 't_b0000000', 't_aa0000001']
      for (const id of ids) await create(tx, task(), 'user', () => id)
      expect(await findId(tx, 't_b')).toBe('t_b0000000')
      expect(await findId(tx, 't_aa1')).toBe('t_aa100000')
      // Whole, though another id begins with it.
      expect(await findId(tx, 't_aa000000')).toBe('t_aa000000')
      expect(await refusalOf(findId(tx, 't_aa'))).toBe(
        'meaningless: t_aa begins several ids (t_aa000000, t_aa0000001, t_aa100000): type more of it',
      )
      for (const n of [2, 3, 4]) await create(tx, task(), 'user', () => `t_aa${n}00000`)
      expect(await refusalOf(findId(tx, 't_aa'))).toBe(
        'meaningless: t_aa begins several ids (t_aa000000, t_aa0000001, t_aa100000, t_aa200000, t_aa300000, …): type more of it',
      )
      expect(await refusalOf(findId(tx, 't_c'))).toBe(
        'not_found: there is no task t_c on this board',
      )
    })
  })

  test('signs that mean something to a database mean nothing in an id', async () => {
    const store = await open()
    await store.write((tx) => make(tx))
    for (const ref of ['%', 't_%', '_', 't!', "t_' or 1=1 --", 't_*', 'T_', '\uffff', '\\']) {
      const refusal = await refusalOf(store.read((reader) => findId(reader, ref)))
      expect(refusal).toBe(`not_found: there is no task ${ref} on this board`)
    }
  })

  test('a list is in the order of dispatch, without what is archived', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    const titles = await store.write(async (tx) => {
      await make(tx, { title: 'first of its priority' })
      await make(tx, { title: 'urgent', priority: 5 })
      await make(tx, { title: 'some day', priority: -1 })
      await archive(tx, await make(tx, { title: 'put away', priority: 9 }))
      const [second] = await tx.all<{ id: string }>(
        sql`select id from tasks where title = 'urgent'`,
      )
      await tx.run(sql`update tasks set created_at = created_at + 5 where id = ${second?.id ?? ''}`)
      await tx.run(sql`
        update tasks set created_at = created_at - 5 where title = 'first of its priority'`)
      await make(tx, { title: 'second of its priority' })
      return async (filter: Parameters<typeof list>[1]) =>
        (await store.read((reader) => list(reader, filter))).map(({ title }) => title)
    })
    const all = ['urgent', 'first of its priority', 'second of its priority', 'some day']
    expect(await titles({})).toEqual(all)
    expect(await titles({ limit: 2 })).toEqual(all.slice(0, 2))
    expect(await titles({ archived: true })).toEqual(['put away', ...all])
    expect(await titles({ status: 'archived' })).toEqual(['put away'])
  })

  test('a list has what every one of its filters allows', async () => {
    const store = await open()
    await store.write(async (tx) => {
      await make(tx, { title: 'a', assignee: 'writer', tenant: 'acme' })
      await make(tx, { title: 'b', assignee: 'writer', triage: true })
      await make(tx, { title: 'c', tenant: 'acme' })
    })
    const titles = async (filter: Parameters<typeof list>[1]) =>
      (await store.read((reader) => list(reader, filter))).map(({ title }) => title).sort()
    expect(await titles({ assignee: 'writer' })).toEqual(['a', 'b'])
    expect(await titles({ tenant: 'acme' })).toEqual(['a', 'c'])
    expect(await titles({ assignee: 'writer', tenant: 'acme' })).toEqual(['a'])
    expect(await titles({ status: 'triage' })).toEqual(['b'])
    expect(await titles({ status: 'triage', tenant: 'acme' })).toEqual([])
    expect(await titles({ assignee: "' or 1=1 --" })).toEqual([])
    expect(await titles({ assignee: null, status: null, tenant: null })).toEqual(['c'])
    await store.write((tx) => tx.run(sql`update tasks set assignee = '' where title = 'a'`))
    expect(await titles({ assignee: null })).toEqual(['a', 'c'])
  })

  test('the token of a claim is shown to nobody', async () => {
    const store = await open()
    const id = await store.write((tx) => make(tx))
    const fence = await store.write((tx) => take(tx, id))
    const token = fence.lock.split(':').at(-1) ?? ''
    await store.read(async (reader) => {
      const seen = JSON.stringify([
        await getTask(reader, id),
        await list(reader),
        await runs(reader, id),
        await getRun(reader, fence.run),
        await show(reader, id, 100),
        await workerContext(reader, id),
        await events(reader, id, 100),
      ])
      expect(seen).toContain('here+1:42')
      expect(seen).not.toContain(token)
    })
  })

  test('cells that another program broke break nothing', async () => {
    const store = await open()
    const id = await store.write(async (tx) => {
      const id = await make(tx, { assignee: 'writer' })
      await complete(tx, id, { summary: 'so', metadata: { a: 1 } })
      return id
    })
    for (const broken of ['{', '', 'null', '[1, {}, "a"]', '"text"', '7', 'a, b']) {
      await store.write(async (tx) => {
        await tx.run(sql`update tasks set skills = ${broken} where id = ${id}`)
        await tx.run(sql`update task_runs set metadata = ${broken} where task_id = ${id}`)
        await tx.run(sql`update task_events set payload = ${broken} where task_id = ${id}`)
      })
      await store.read(async (reader) => {
        const shown = await show(reader, id, 20)
        expect(shown.runs[0]?.metadata).toBeNull()
        expect(shown.events[0]?.payload).toBeNull()
        expect(shown.task.skills.every((skill) => typeof skill === 'string')).toBe(true)
        expect(await list(reader)).toHaveLength(1)
        expect(await workerContext(reader, id)).toContain(`# Task ${id}`)
      })
    }
    const skills = (cell: string | null) =>
      store.write(async (tx) => {
        await tx.run(sql`update tasks set skills = ${cell} where id = ${id}`)
        return (await getTask(tx, id)).skills
      })
    expect(await skills('a, b')).toEqual(['a', 'b'])
    expect(await skills('["a", 1]')).toEqual(['a'])
    expect(await skills(null)).toEqual([])
  })

  test('times that no calendar has break nothing', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    const id = await store.write(async (tx) => {
      const parent = await make(tx)
      await complete(tx, parent, { summary: 'so' })
      const id = await make(tx, { parents: [parent] })
      await take(tx, id)
      await tx.run(sql`update tasks set status = 'ready', claim_lock = null where id = ${id}`)
      await tx.run(sql`update task_runs set outcome = 'crashed' where task_id = ${id}`)
      await tx.run(sql`
        insert into task_comments (task_id, author, body, created_at) values (${id}, 'a', 'b', 0)`)
      return id
    })
    const odd = [0, -1, 9_007_199_254_740_991, clock() + 10_000_000]
    const beyond = dialect === 'sqlite' ? ["'yesterday\n# Task'", "''", '1.5', "x'00'"] : []
    for (const time of [...odd, '9223372036854775807', ...beyond]) {
      await store.write(async (tx) => {
        const set = (text: string) => tx.run({ strings: [text], parts: [] })
        await set(
          `update tasks set created_at = ${time}, completed_at = ${time}, started_at = ${time}`,
        )
        await set(`update task_runs set started_at = ${time}, ended_at = ${time}`)
        await set(`update task_comments set created_at = ${time}`)
        await set(`update task_events set created_at = ${time}`)
      })
      await store.read(async (reader) => {
        expect(await list(reader), String(time)).toHaveLength(2)
        expect((await show(reader, id, 20)).runs).toHaveLength(1)
        const context = await workerContext(reader, id)
        expect(context.match(/^# Task/gm)).toHaveLength(1)
        const { oldest_ready_age_seconds: age } = await stats(reader)
        expect(age === null || age >= 0, `${time}: ${age}`).toBe(true)
      })
    }
  })

  test('statistics count by status in the order of the list, and by assignee', async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    expect(await store.read(stats)).toEqual({
      by_status: Object.fromEntries(statusNames.map((name) => [name, 0])),
      by_assignee: {},
      oldest_ready_age_seconds: null,
      now: clock(),
    })
    await store.write(async (tx) => {
      await make(tx, { assignee: 'writer' })
      await make(tx, { assignee: 'writer', triage: true })
      await make(tx)
      await taskIn(tx, 'scheduled')
    })
    clock.pass(30)
    await store.write((tx) => make(tx, { assignee: 'writer' }))
    const counted = await store.read(stats)
    expect(counted).toEqual({
      by_status: {
        triage: 1,
        todo: 0,
        ready: 3,
        running: 0,
        blocked: 0,
        done: 0,
        archived: 0,
        scheduled: 1,
      },
      by_assignee: { '': { ready: 1 }, someone: { scheduled: 1 }, writer: { ready: 2, triage: 1 } },
      oldest_ready_age_seconds: 30,
      now: clock(),
    })
    expect(Object.keys(counted.by_status)).toEqual([...statusNames, 'scheduled'])
    expect(Object.keys(counted.by_assignee)).toEqual(['', 'someone', 'writer'])
    expect(Object.keys(counted.by_assignee.writer ?? {})).toEqual(['triage', 'ready'])
    clock.pass(-1000)
    expect((await store.read(stats)).oldest_ready_age_seconds).toBe(0)
  })

  test('what a task has to show is complete and the newest of its events', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const parent = await make(tx, { title: 'before' })
      const id = await make(tx, { parents: [parent] })
      await make(tx, { title: 'after', parents: [id] })
      await complete(tx, parent, {})
      await complete(tx, id, { summary: 'see t_00000bad and t_00000bad', result: 'r' })
      const shown = await show(tx, id, 2)
      expect(shown).toMatchObject({
        task: { id, status: 'done', result: 'r' },
        parents: [{ id: parent, title: 'before', status: 'done' }],
        children: [{ title: 'after', status: 'ready' }],
        comments: [],
        runs: [{ outcome: 'completed', summary: 'see t_00000bad and t_00000bad' }],
        latest_summary: 'see t_00000bad and t_00000bad',
      })
      expect(shown.events.map(({ kind }) => kind)).toEqual([
        'completed',
        'suspected_hallucinated_references',
      ])
      expect(shown.warnings.map(({ payload }) => payload)).toEqual([
        { phantom_refs: ['t_00000bad'], source: 'summary' },
      ])
    })
  })

  test('a doubt is shown however much happened since, until a completion or an edit settles it', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await make(tx, { assignee: 'writer' })
      const fence = await take(tx, id)
      await complete(tx, id, { fence, createdCards: ['t_00000bad'] })
      for (let n = 0; n < 300; n += 1) await comment(tx, id, 'writer', `note ${n}`)
      expect((await show(tx, id, 20)).warnings).toMatchObject([
        { kind: 'completion_blocked_hallucination', payload: { phantom_cards: ['t_00000bad'] } },
      ])
      await complete(tx, id, { fence, summary: 'see t_00000bad' })
      expect((await show(tx, id, 20)).warnings).toMatchObject([
        { kind: 'suspected_hallucinated_references' },
      ])
      await backfill(tx, id, { summary: 'see for yourself' })
      expect((await show(tx, id, 20)).warnings).toEqual([])
    })
  })

  test('a task or a board where nothing has happened has nothing to show', async () => {
    const store = await open()
    await store.read(async (reader) => {
      expect(await latestEventId(reader)).toBe(0)
      expect(await latestSummary(reader, 't_00000000')).toBeNull()
      expect(await runs(reader, 't_00000000')).toEqual([])
      expect(await comments(reader, 't_00000000')).toEqual([])
      expect(await getRun(reader, 1)).toBeUndefined()
      expect(await refusalOf(getTask(reader, 't_00000000'))).toContain('not_found: ')
    })
  })
})
