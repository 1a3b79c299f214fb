import { startCluster } from '../test/support/postgres.ts'
import { findServer } from '../tools/postgres-server.mjs'
import type { Measurement } from './bench.ts'
import { boardAt } from './boards.ts'
import { compare, each, range, rate, times } from './measure.ts'
import { createIn, cycleOne } from './ours.ts'
import { openPostgresFloor } from './postgres-floor.ts'

/** The same verbs on a PostgreSQL that syncs nothing, against the driver alone; nothing without one. */
export const postgres: Measurement = async function* ({ quick }) {
  if (findServer() === undefined) return
  const cluster = await startCluster()
  try {
    const { store } = await boardAt(cluster.url, 'ours')
    const floor = await openPostgresFloor(cluster.url)
    const count = quick ? 20 : 300
    const rounds = quick ? 2 : 11
    const created = await compare(
      () => rate(count, () => times(count, () => store.write(createIn))),
      () => rate(count, () => times(count, floor.create)),
      rounds,
    )
    yield { name: 'create, PostgreSQL', unit: '/s', ...created }
    const cycled = await compare(
      async () => {
        const ids = await store.write((tx) => Promise.all(range(count).map(() => createIn(tx))))
        return rate(count, () => each(ids, (id) => cycleOne(store, id)))
      },
      async () => {
        const ids: string[] = []
        await times(count, async () => void ids.push(await floor.create()))
        return rate(count, () => each(ids, floor.cycle))
      },
      rounds,
    )
    yield { name: 'claim + complete, PostgreSQL', unit: '/s', ...cycled }
    await floor.close()
    await store.close()
  } finally {
    await cluster.stop()
  }
}
