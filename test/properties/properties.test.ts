/** Whatever is done, in whatever order: the board is what its contract says, after each step. */

import { test } from 'vitest'
import { forEachBoard, stoppedClock } from '../board/support.ts'
import { expectVariety, walk } from './walks.ts'

forEachBoard((open, dialect) => {
  test('the board does what its model does', { timeout: 120_000 }, async () => {
    const clock = stoppedClock()
    const store = await open({ clock })
    if (dialect === 'sqlite') {
      expectVariety(await walk(store, clock, { walks: 100, longest: 120, invariants: true }))
    } else {
      // A step takes ten times as long there; the SQL is the same.
      await walk(store, clock, { walks: 100, longest: 40, invariants: false })
    }
  })
})
