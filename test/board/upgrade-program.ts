/** Opens each board whose path it is given, a line each, and says when it is done with it. */

import { createInterface } from 'node:readline'
import { openBoard } from '../../src/board/board.ts'
import { systemClock } from '../../src/lib/clock.ts'

console.log('here')
for await (const database of createInterface(process.stdin)) {
  const place = { slug: 'old', database, workspaces: '', logs: '' }
  const { store } = await openBoard(place, systemClock)
  await store.close()
  console.log('closed')
}
