import { expect, test } from 'vitest'
import { complete } from '../../src/board/complete.ts'
import { fail } from '../../src/board/fail.ts'
import { latestEventId } from '../../src/board/history.ts'
import { reclaim } from '../../src/board/reclaim.ts'
import { start } from '../../src/board/start.ts'
import { tellEnds } from '../../src/dispatcher/ends.ts'
import { logTo } from '../../src/lib/log.ts'
import { dispatched, forEachBoard, make, take } from '../board/support.ts'
import { here } from './support.ts'

const policy = { limit: 1, source: 'default', delay: 5 } as const

forEachBoard((open) => {
  test('what became of runs of this installation is told once, in order, and of nobody else', async () => {
    const store = await open()
    const lines: string[] = []
    const starts: boolean[] = []
    const log = logTo({ write: (line) => lines.push(String(line)) }, { clock: () => 0 })
    const tell = tellEnds({ host: here, log, onLaunch: (well) => starts.push(well) })
    const board = { slug: 'default', database: '', workspaces: '', logs: '', store }
    const look = async (): Promise<void> => {
      const latest = await store.read(latestEventId)
      await tell({ board, runs: [], holds: [], latest })
    }
    const run = (host: string | null) =>
      store.write(async (tx) => {
        const id = await make(tx, { assignee: 'any' })
        return { id, fence: await take(tx, id, dispatched({ host })) }
      })
    const before = await run(here)
    await store.write((tx) => complete(tx, before.id, { fence: before.fence, summary: 'before' }))
    await look()
    const [good, bad, back, away, person] = [
      await run(here),
      await run(here),
      await run(here),
      await run('there+2'),
      await run(null),
    ]
    await store.write(async (tx) => {
      await start(tx, good.id, good.fence, { pid: 7, start: 'boot:7', workspace: '/' })
      for (const { id, fence } of [good, away, person]) {
        await complete(tx, id, { fence, summary: 'all of it' })
      }
      const failure = { verb: 'fail_to_start', error: 'no room', payload: {} } as const
      await fail(tx, bad.id, { ...failure, fence: bad.fence }, policy)
      await reclaim(tx, back.id, 'anna', 'wrong task')
    })
    await look()
    await look()
    expect(lines.map((line) => line.replace(/^\S+ /, ''))).toEqual([
      `info run ${good.fence.run} of ${good.id} completed profile=any reason="all of it"\n`,
      `error run ${bad.fence.run} of ${bad.id} gave up profile=any reason="no room"\n`,
      `warn run ${back.fence.run} of ${back.id} was taken back profile=any reason="wrong task"\n`,
    ])
    expect(starts).toEqual([true])
  })
})
