/** Real processes on one board: nothing is done twice, nothing is lost, and nobody hears of a busy database. */

import { expect, test } from 'vitest'
import { sql } from '../../src/store/sql.ts'
import { expectInvariants } from '../board/invariants.ts'
import { forEachBoard, make } from '../board/support.ts'
import { placeOf } from '../support/stores.ts'
import { crew } from './crew.ts'
import type { Job } from './jobs.ts'
import { expectAgreement } from './ledger.ts'
import { bring, struggle } from './races.ts'

const timeout = 60_000

forEachBoard((open) => {
  const race = crew(11)

  test('five processes finish a hundred tasks, each once', { timeout }, async () => {
    const store = await open()
    const before = await bring(store, 100)
    const jobs = Array.from({ length: 5 }, (): Job => ({ do: 'finish', bring: 0 }))
    await expectAgreement(store, before, await race(placeOf(store), jobs))
  })

  test('ten processes that fail, block and walk away finish all that there is', {
    timeout,
  }, async () => {
    const store = await open()
    await struggle(store, race, { tasks: 60, workers: 10 })
  })

  test('a link that meets a claim comes before it or after it, never between', {
    timeout,
  }, async () => {
    const store = await open()
    const pairs = await store.write(async (tx) => {
      const made: [string, string][] = []
      for (let n = 0; n < 60; n += 1) made.push([await make(tx), await make(tx)])
      return made
    })
    await race(placeOf(store), [
      { do: 'link', pairs },
      { do: 'claim', tasks: pairs.map(([, child]) => child) },
    ])
    await store.read(async (reader) => {
      await expectInvariants(reader)
      for (const [parent, child] of pairs) {
        const events = await reader.all<{ kind: string }>(
          sql`select kind from task_events where task_id = ${child} order by id`,
        )
        const kinds = events.map((event) => event.kind).join()
        expect(['created,claimed,linked', 'created,linked,status'], parent).toContain(kinds)
      }
    })
  })

  test('eight processes that create with the same keys make one task for each', {
    timeout,
  }, async () => {
    const store = await open()
    const keys = Array.from({ length: 25 }, (_, n) => `key ${n}`)
    const jobs = Array.from({ length: 8 }, (): Job => ({ do: 'create', keys }))
    const made = (await race(placeOf(store), jobs)).flatMap(({ created }) => created)
    const tasks = await store.read((reader) =>
      reader.all<{ id: string; idempotency_key: string }>(
        sql`select id, idempotency_key from tasks order by idempotency_key`,
      ),
    )
    expect(tasks.map((task) => task.idempotency_key)).toEqual(keys.toSorted())
    const first = tasks.map(({ id, idempotency_key: key }) => `${id} ${key} true`)
    const again = tasks.flatMap(({ id, idempotency_key: key }) =>
      Array.from({ length: 7 }, () => `${id} ${key} false`),
    )
    expect(made.sort()).toEqual([...first, ...again].sort())
  })

  test('six processes open a new board at once and get to work', { timeout }, async () => {
    for (let round = 0; round < 3; round += 1) {
      const store = await open()
      const jobs = Array.from({ length: 6 }, (): Job => ({ do: 'finish', bring: 5 }))
      await expectAgreement(store, [], await race(placeOf(store), jobs))
    }
  })
})
