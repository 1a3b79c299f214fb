/** Tasks that the clock makes, with a clock that stands until it is moved on. */

import { expect, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import type { Board } from '../../src/board/board.ts'
import { complete } from '../../src/board/complete.ts'
import { create } from '../../src/board/create.ts'
import { dueTimes } from '../../src/board/recurring.ts'
import type { Recurring } from '../../src/config/recurring.ts'
import { clockwork, type Due, scheduleOn } from '../../src/dispatcher/recurring.ts'
import { logTo, silent } from '../../src/lib/log.ts'
import { newTask } from '../../src/model/task.ts'
import { sql } from '../../src/store/sql.ts'
import type { Store } from '../../src/store/store.ts'
import { forEachBoard, make, stoppedClock, task } from '../board/support.ts'

const hour = 3600
const day = 24 * hour

/** Eleven at night, in summer. */
const evening = Date.parse('2026-07-01T23:00:00Z') / 1000

const backup: Recurring = {
  name: 'backup',
  cron: '0 2 * * *',
  zone: 'UTC',
  board: 'default',
  task: newTask.parse({ title: 'Check the backup', assignee: 'ops', priority: 3 }),
}

function boardOf(store: Store): Board {
  return { slug: 'default', database: store.place, workspaces: '', logs: '', store }
}

/** A dispatcher's part in it: what each of its passes makes. */
function host(store: Store, log = silent) {
  const works = clockwork(log)
  return {
    async pass(...entries: Recurring[]): Promise<Due[]> {
      const timers = await works.timers(entries)
      const { turns } = await store.read((reader) => scheduleOn(reader, timers))
      return works.take(boardOf(store), timers, turns)
    },
  }
}

function tasksOf(store: Store) {
  return store.read((reader) =>
    reader.all(sql`
      select title, assignee, priority, status, created_by, created_at, idempotency_key as key
      from tasks order by created_at, id`),
  )
}

function nextOf(store: Store, name = 'backup'): Promise<number | undefined> {
  return store.read(async (reader) => (await dueTimes(reader)).get(name))
}

forEachBoard((open, dialect) => {
  test('a new entry begins with its next time, and makes its task then, once', async () => {
    const clock = stoppedClock(evening)
    const store = await open({ clock })
    const { pass } = host(store)
    expect(await pass(backup)).toEqual([])
    expect(await nextOf(store)).toBe(evening + 3 * hour)
    clock.pass(3 * hour - 1)
    expect(await pass(backup)).toEqual([])
    clock.pass(1)
    expect(await pass(backup)).toEqual([{ name: 'backup', due_at: evening + 3 * hour }])
    expect(await pass(backup)).toEqual([])
    expect(await tasksOf(store)).toEqual([
      {
        title: 'Check the backup',
        assignee: 'ops',
        priority: 3,
        status: 'ready',
        created_by: 'recurring',
        created_at: evening + 3 * hour,
        key: 'backup@2026-07-02T02:00:00Z',
      },
    ])
    expect(await nextOf(store)).toBe(evening + 27 * hour)
  })

  test('of several that were missed one is made', async () => {
    const clock = stoppedClock(evening)
    const store = await open({ clock })
    await host(store).pass(backup)
    clock.pass(5 * day)
    expect(await host(store).pass(backup)).toEqual([{ name: 'backup', due_at: evening + 3 * hour }])
    expect(await host(store).pass(backup)).toEqual([])
    expect(await nextOf(store)).toBe(evening + 5 * day + 3 * hour)
  })

  test('several hosts make it once', async () => {
    const clock = stoppedClock(evening)
    const store = await open({ clock })
    const hosts = [host(store), host(await open({ clock, beside: store })), host(store)]
    for (const { pass } of hosts) await pass(backup)
    clock.pass(3 * hour)
    const made = await Promise.all(hosts.map(({ pass }) => pass(backup)))
    expect(made.flat()).toHaveLength(1)
    expect(await tasksOf(store)).toHaveLength(1)
  })

  test('a clock that is put back makes nothing a second time, archived or not', async () => {
    const clock = stoppedClock(evening)
    const store = await open({ clock })
    const { pass } = host(store)
    await pass(backup)
    clock.pass(3 * hour)
    await pass(backup)
    clock.pass(day)
    await pass(backup)
    await store.write(async (tx) => {
      const [first] = await tx.all<{ id: string }>(sql`select id from tasks order by created_at`)
      await complete(tx, first?.id ?? '', {})
      await archive(tx, first?.id ?? '')
    })
    clock.pass(-2 * day)
    await pass(backup)
    expect(await nextOf(store), 'it does not wait until the clock is there again').toBe(
      evening + 3 * hour,
    )
    for (let nth = 0; nth < 4; nth += 1) {
      clock.pass(day / 2)
      await pass(backup)
    }
    expect(await tasksOf(store)).toHaveLength(2)
  })

  test('an expression that has changed is in force from its next time on', async () => {
    const clock = stoppedClock(evening)
    const store = await open({ clock })
    const { pass } = host(store)
    const yearly = { ...backup, cron: '0 0 1 1 *' }
    await pass(yearly)
    await pass(backup)
    expect(await nextOf(store), 'sooner than before').toBe(evening + 3 * hour)
    await pass(yearly)
    clock.pass(3 * hour)
    expect(await pass(yearly), 'the time of an expression that is gone').toEqual([])
    expect(await nextOf(store)).toBe(Date.parse('2027-01-01T00:00:00Z') / 1000)
    expect(await tasksOf(store)).toEqual([])
  })

  test('an entry that is taken out makes nothing any more, and begins anew when it comes back', async () => {
    const clock = stoppedClock(evening)
    const store = await open({ clock })
    const { pass } = host(store)
    await pass(backup)
    await pass()
    clock.pass(5 * day)
    expect(await pass()).toEqual([])
    const again = await pass(backup)
    // On a server it may be an entry of another host, whose turns must stay.
    expect(again).toHaveLength(dialect === 'sqlite' ? 0 : 1)
    expect(await nextOf(store)).toBe(evening + 5 * day + 3 * hour)
  })

  test('what cannot be made is said once, and made as soon as it can be', async () => {
    const clock = stoppedClock(evening)
    const store = await open({ clock })
    const lines: string[] = []
    const { pass } = host(store, logTo({ write: (line) => lines.push(line) }, { clock }))
    const waiting = { ...backup, task: { ...backup.task, parents: ['t_00000001'] } }
    await pass(waiting)
    clock.pass(3 * hour)
    expect(await pass(waiting)).toEqual([])
    expect(await pass(waiting)).toEqual([])
    expect(lines).toEqual([
      expect.stringContaining(
        'backup is due and cannot be made: this parent does not exist: t_00000001',
      ),
    ])
    await store.write((tx) => create(tx, task(), 'user', () => 't_00000001'))
    expect(await pass(waiting)).toHaveLength(1)
    expect(await nextOf(store)).toBe(evening + 27 * hour)
  })

  test('one entry that cannot be made does not stop the others', async () => {
    const clock = stoppedClock(evening)
    const store = await open({ clock })
    const { pass } = host(store)
    const broken = { ...backup, name: 'a', task: { ...backup.task, parents: ['t_00000001'] } }
    await pass(broken, backup)
    clock.pass(3 * hour)
    expect(await pass(broken, backup)).toMatchObject([{ name: 'backup' }])
  })

  test('what is due next is known, and a look writes nothing', async () => {
    const clock = stoppedClock(evening)
    const store = await open({ clock })
    await store.write((tx) => make(tx))
    const works = clockwork(silent)
    const timers = await works.timers([backup, { ...backup, name: 'often', cron: '*/10 * * * *' }])
    const look = () => store.read((reader) => scheduleOn(reader, timers))
    expect((await look()).nextIn).toBe(600)
    expect(await nextOf(store)).toBeUndefined()
    await works.take(boardOf(store), timers, (await look()).turns)
    clock.pass(2 * hour + 3540)
    expect(await look()).toMatchObject({ nextIn: 60, turns: [{ due: evening + 600 }] })
  })
})
