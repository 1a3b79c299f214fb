import type { Measurement } from './bench.ts'
import { boardIn, fill } from './boards.ts'
import { diskFolder } from './folders.ts'
import { latency } from './measure.ts'

/** What every command pays before it begins: a board that is complete is opened, looked over and closed. */
export const open: Measurement = async function* ({ quick }) {
  const folder = diskFolder()
  const board = await boardIn(folder)
  fill(board, [{ name: 't', status: 'ready', count: 100 }])
  // Stays open, as beside a gateway: the last to close would also empty the log.
  const ours = await latency(quick ? 5 : 100, async () => {
    const { store } = await boardIn(folder)
    await store.close()
  })
  await board.store.close()
  yield { name: 'open and close a board', unit: 'ms', ours, target: { atMost: 2 } }
}
