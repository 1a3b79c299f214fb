/** A board of a hundred thousand tasks answers as a small one does. The figures are for whoever reads them. */

import { expect, test } from 'vitest'
import { claim } from '../../src/board/claim.ts'
import { complete } from '../../src/board/complete.ts'
import { workerContext } from '../../src/board/context.ts'
import { findId } from '../../src/board/find.ts'
import { link } from '../../src/board/links.ts'
import { list } from '../../src/board/list.ts'
import { show } from '../../src/board/show.ts'
import { stats } from '../../src/board/stats.ts'
import { promotable } from '../../src/dispatcher/promotions.ts'
import { either, sql } from '../../src/store/sql.ts'
import { expectInvariants } from '../board/invariants.ts'
import { dispatched, forEachBoard } from '../board/support.ts'
import { idOf } from './model.ts'

const size = 100_000
/** A task of the last ten, with fifty parents that are done. */
const last = idOf(size)

const numbers = either({
  sqlite: sql`(with recursive n(n) as (select 1 union all select n + 1 from n where n < ${size})
    select n from n)`,
  postgres: sql`(select n from generate_series(1, ${size}) n)`,
})

const nth = either({
  sqlite: sql`'t_' || printf('%08x', n)`,
  postgres: sql`'t_' || lpad(to_hex(n), 8, '0')`,
})

forEachBoard((open, dialect) => {
  test('a hundred thousand tasks', { timeout: 600_000 }, async () => {
    const store = await open()
    await store.write(async (tx) => {
      await tx.run(sql`
        insert into tasks (id, title, body, assignee, status, priority, created_at, completed_at)
        select ${nth}, 'task ' || n, 'what is to be done', 'profile ' || (n % 7),
          case when n % 10 < 7 then 'done' when n % 10 = 7 then 'blocked' else 'ready' end,
          n % 5, cast(${tx.now - size} as bigint) + n, case when n % 10 < 7 then cast(${tx.now - size} as bigint) + n end
        from ${numbers} numbers`)
      await tx.run(sql`
        insert into task_runs (task_id, profile, status, outcome, summary, started_at, ended_at)
        select id, assignee, 'done', 'completed', 'a summary of ' || id, created_at, completed_at
        from tasks where status = 'done'`)
      await tx.run(sql`
        insert into task_events (task_id, kind, created_at) select id, 'created', created_at from tasks`)
      await tx.run(sql`
        insert into task_links (parent_id, child_id)
        select id, ${last} from tasks where status = 'done' order by id limit 50`)
    })
    const figures: string[] = []
    async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
      await work().catch(() => {})
      const start = performance.now()
      const result = await work()
      figures.push(`${what} ${(performance.now() - start).toFixed(1)} ms`)
      return result
    }

    const top = await timed('list of 50', () => store.read((reader) => list(reader, { limit: 50 })))
    expect(top.map(({ priority }) => priority)).toEqual(Array(50).fill(4))
    const ready = await timed('list of 50 ready of one profile', () =>
      store.read((reader) => list(reader, { status: 'ready', assignee: 'profile 3', limit: 50 })),
    )
    expect(ready).toHaveLength(50)
    const counts = await timed('stats', () => store.read(stats))
    expect(counts.by_status).toMatchObject({ done: 70_000, blocked: 10_000, ready: 20_000 })
    const context = await timed('context with 50 parents', () =>
      store.read((reader) => workerContext(reader, last)),
    )
    expect(context.match(/^### t_/gm)).toHaveLength(50)
    await timed('show', () => store.read((reader) => show(reader, last, 50)))
    await timed('find', () => store.read((reader) => findId(reader, last.slice(0, 9))))
    await timed('full sweep', () => store.read((reader) => promotable(reader, null)))
    const free = ready.map(({ id }) => id)
    await timed('link', () =>
      store.write((tx) => link(tx, free.pop() ?? '', free[0] ?? '').then(() => undefined)),
    )
    await timed('claim', () => store.write((tx) => claim(tx, free.pop() ?? '', dispatched())))
    await timed('complete', () =>
      store.write((tx) => complete(tx, free.pop() ?? '', { summary: 'so' })),
    )
    await store.read(expectInvariants)
    console.info(`${dialect}, ${size} tasks: ${figures.join(' · ')}`)
  })
})
