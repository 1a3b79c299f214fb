/** What one machine finds wrong with itself is no reason for another not to start. */

import { expect, test } from 'vitest'
import { assign } from '../../src/board/assign.ts'
import { hold, holds, unhold } from '../../src/board/holds.ts'
import { settle } from '../../src/board/settle.ts'
import { admit, type Situation } from '../../src/dispatcher/admit.ts'
import { readyTask } from '../../src/dispatcher/candidates.ts'
import type { End } from '../../src/model/end.ts'
import type { Reader } from '../../src/store/store.ts'
import { dispatched, make, stoppedClock, take, withSchema } from '../board/support.ts'
import { idleHost } from '../dispatcher/support.ts'
import { forEachStore } from '../support/stores.ts'

const [anna, bert] = ['anna+aaaa1111', 'bert+bbbb2222']
const policy = { limit: 5, source: 'default', delay: 5 } as const

/** What each machine says about a task of `writer`. */
async function asked(reader: Reader, id: string): Promise<(string | undefined)[]> {
  const found = await holds(reader)
  return Promise.all(
    [anna, bert].map(async (host) => {
      const task = await readyTask(reader, host, id)
      const here: Situation = {
        ...idleHost,
        ...{ host, now: reader.now, board: 'default', holds: found },
      }
      return task && admit(task, here)?.says
    }),
  )
}

const faults: readonly (readonly [string, End])[] = [
  [
    'a profile',
    { how: 'not_started', error: 'no such command', counted: false, profile: 'writer' },
  ],
  ['a disk', { how: 'not_started', error: 'it is full', counted: false, board: 'default' }],
]

forEachStore((open, dialect) => {
  for (const [what, end] of faults) {
    test(`${what} at fault holds back its own machine alone, where there are several`, async () => {
      const store = await withSchema(await open({ clock: stoppedClock() }))
      const id = await store.write(async (tx) => {
        const id = await make(tx)
        await assign(tx, id, 'writer')
        const fence = await take(tx, id, dispatched({ host: anna, here: anna }))
        await settle(tx, id, fence, end, policy)
        return id
      })
      const [atAnna, atBert] = await store.read((reader) => asked(reader, id))
      expect(atAnna).toContain(' is on hold: ')
      if (dialect === 'sqlite') expect(atBert).toBe(atAnna)
      else expect(atBert).toBeUndefined()
    })
  }

  test('a person holds all machines, and lets all of them go', async () => {
    const store = await withSchema(await open({ clock: stoppedClock() }))
    const id = await store.write(async (tx) => {
      const id = await make(tx)
      await assign(tx, id, 'writer')
      const fence = await take(tx, id, dispatched({ host: anna, here: anna }))
      await settle(tx, id, fence, faults[0]?.[1] as End, policy)
      await hold(tx, { scope: 'profile', key: 'writer', until: null, reason: 'ill', by: 'ann' })
      return id
    })
    for (const says of await store.read((reader) => asked(reader, id))) {
      expect(says).toBe('profile writer is on hold: ill')
    }
    await store.write((tx) => unhold(tx, 'profile', 'writer'))
    expect(await store.read((reader) => asked(reader, id))).toEqual([undefined, undefined])
  })
})
