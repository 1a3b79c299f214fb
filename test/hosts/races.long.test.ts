/** Processes on three networks, while connections break, answers are lost and the server is restarted: each knows what it did. */

import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBoard } from '../../src/board/board.ts'
import { schemaOf } from '../../src/board/schema-name.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { outlasting } from '../../src/store/outlasting.ts'
import { findServer } from '../../tools/postgres-server.mjs'
import { randomFrom } from '../chaos/random.ts'
import { crew } from '../races/crew.ts'
import { struggle } from '../races/races.ts'
import { type Cluster, durable, startCluster } from '../support/postgres.ts'
import { type Network, startProxy } from '../support/proxy.ts'

describe.skipIf(findServer() === undefined)('on PostgreSQL', () => {
  const race = crew(10)
  let cluster: Cluster
  const networks: Network[] = []

  beforeAll(async () => {
    cluster = await startCluster(durable)
    for (const _ of [1, 2, 3]) networks.push(await startProxy(cluster.url))
  })
  afterAll(async () => {
    for (const network of networks) await network.close()
    await cluster.stop()
  })

  test('nine processes and an overseer finish all there is, each task once, and agree with the board', {
    timeout: 600_000,
  }, async () => {
    const place = { slug: 'default', database: cluster.url, workspaces: '', logs: '' }
    const { store } = await openBoard(place, systemClock)
    const calm = new AbortController()
    const weather = bad(networks, cluster, calm.signal)
    await struggle(outlasting(store, new AbortController().signal), race, {
      tasks: 200,
      workers: 9,
      way: (nth) => ({
        dialect: 'postgres',
        url: networks[nth % 3]?.url ?? '',
        schema: schemaOf('default'),
      }),
    })
    calm.abort()
    const troubles = await weather
    await store.close()
    expect(troubles.lost).toBeGreaterThan(10)
    expect(troubles.restarts).toBeGreaterThan(2)
  })
})

/** Until it is calm: how often an answer to a commit was lost, and the server restarted. */
async function bad(networks: readonly Network[], cluster: Cluster, calm: AbortSignal) {
  const random = randomFrom(7)
  const troubles = { lost: 0, restarts: 0 }
  while (!calm.aborted) {
    const network = random.pick(networks)
    const chance = random.below(12)
    if (chance === 0) {
      await cluster.halt(random.below(2) === 0 ? 'well' : 'badly')
      await pause(random.below(300))
      await cluster.resume()
      troubles.restarts += 1
    } else if (chance < 3) {
      network?.cut()
      await pause(random.below(300))
      network?.resume()
    } else {
      network?.swallowAnswerTo('; commit', () => {
        troubles.lost += 1
      })
    }
    await pause(random.below(150))
  }
  return troubles
}
