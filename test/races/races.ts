/** Races that come in two sizes. */

import { expect } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { make } from '../board/support.ts'
import { placeOf } from '../support/stores.ts'
import type { Race } from './crew.ts'
import type { Job } from './jobs.ts'
import { expectAgreement } from './ledger.ts'

/** Some wait for one or two that come before them. */
export async function bring(store: Store, count: number): Promise<string[]> {
  return store.write(async (tx) => {
    const ids: string[] = []
    for (let n = 0; n < count; n += 1) {
      const parents = n % 3 === 2 ? [ids[n - 1], ids[n - 2]] : n % 5 === 4 ? [ids[n - 4]] : []
      ids.push(await make(tx, { parents: parents.filter((id) => id !== undefined) }))
    }
    return ids
  })
}

export interface Struggle {
  readonly tasks: number
  readonly workers: number
  /** How the processes come to the board, where that is not the way that we have to it. */
  readonly way?: Parameters<Race>[0]
}

/** Workers do everything that workers do, while somebody takes their runs away. */
export async function struggle(
  store: Store,
  race: Race,
  { tasks, workers, way = placeOf(store) }: Struggle,
): Promise<void> {
  const before = await bring(store, tasks)
  const jobs: Job[] = Array.from({ length: workers }, (_, n) => ({ do: 'struggle', seed: n + 1 }))
  const reports = await race(way, [...jobs, { do: 'oversee', seed: 99 }])
  await expectAgreement(store, before, reports)
  const ends = new Set(reports.flatMap(({ runs }) => Object.values(runs)))
  expect([...ends].sort()).toEqual(['blocked', 'completed', 'crashed', 'left', 'rate_limited'])
  // It was a race: somebody was late for a claim, and somebody for the end of a run.
  const refusals = new Set(reports.flatMap((report) => Object.keys(report.refusals)))
  expect([...refusals]).toEqual(expect.arrayContaining(['wrong_status', 'run_ended']))
}
