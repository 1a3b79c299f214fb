/** The nightly size: 500 walks of 100 steps, invariants after each. */

import { test } from 'vitest'
import { forEachBoard, stoppedClock } from '../board/support.ts'
import { expectVariety, walk } from './walks.ts'

forEachBoard((open) => {
  test('the board does what its model does, for long', { timeout: 3_600_000 }, async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    expectVariety(await walk(store, clock, { walks: 500, longest: 200, invariants: true }))
  })
})
