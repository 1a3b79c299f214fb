import { expect, test } from 'vitest'
import { liveRuns } from '../../src/dispatcher/live.ts'
import { planBoard } from '../../src/dispatcher/plan.ts'
import { clockwork } from '../../src/dispatcher/recurring.ts'
import { emptyReport } from '../../src/dispatcher/report.ts'
import { type Keeping, upkeep } from '../../src/dispatcher/upkeep.ts'
import { silent } from '../../src/lib/log.ts'
import { sql } from '../../src/store/sql.ts'
import { dispatched, everything, forEachBoard, make, take } from '../board/support.ts'
import { here, idleHost } from './support.ts'

const policy = { limit: 5, source: 'default', delay: 5 } as const

forEachBoard((open) => {
  test('what is foretold of a board is what is done then, and telling it changes nothing', async () => {
    const store = await open()
    const board = { slug: 'default', database: '', workspaces: '', logs: '', store }
    await store.write(async (tx) => {
      const [waiting, person, dead] = [
        await make(tx, { assignee: 'any' }),
        await make(tx, { assignee: 'any' }),
        await make(tx, { assignee: 'any' }),
      ]
      await tx.run(sql`update tasks set status = 'todo' where id = ${waiting}`)
      await take(tx, person, dispatched({ host: null, ttl: -1 }))
      await take(tx, dead)
    })
    const before = await store.read(everything)
    const [run] = await store.read((reader) => liveRuns(reader, here))
    if (run === undefined) throw new Error('no run is alive')
    const end = { how: 'stopped', exit: null, reason: 'host restarted' } as const
    const keepUp = upkeep(clockwork(silent), () => 0)
    const keep = async (more: Pick<Keeping, 'dry'>) => {
      const report = emptyReport()
      const { starts } = await keepUp(board, {
        plan: (reader) => planBoard(reader, 'default', idleHost, { timers: [], listIds: true }),
        timers: [],
        attempt: (work) => work(),
        report,
        ...more,
      })
      const { promoted, reclaimed } = report
      return { promoted, reclaimed, starts: starts.map(({ id }) => id) }
    }
    const foretold = await keep({ dry: { fates: [{ run, end }], policy } })
    expect(foretold).toMatchObject({ promoted: 1, reclaimed: 2 })
    expect(foretold.starts).toHaveLength(3)
    expect(await store.read(everything)).toEqual(before)
    const done = await keep({})
    expect(done).toMatchObject({ promoted: 1, reclaimed: 1 })
    expect(foretold.starts).toEqual(expect.arrayContaining(done.starts))
    expect(done.starts).toHaveLength(2)
  })
})
