import { complete } from '../src/board/complete.ts'
import { promotable } from '../src/dispatcher/promotions.ts'
import type { Measurement } from './bench.ts'
import { boardIn, type Crowd, fill, fillLinks } from './boards.ts'
import { diskFolder } from './folders.ts'
import { latency, median, range, timed } from './measure.ts'

/** What happens to the tasks that wait when a parent is done. */
export const promote: Measurement = async function* ({ quick }) {
  const rounds = quick ? 2 : 30
  const fan = quick ? 20 : 500
  const board = await boardIn(diskFolder())
  const samples: number[] = []
  for (const round of range(rounds)) {
    const parent: Crowd = { name: `p${round}`, status: 'ready', count: 1 }
    const children: Crowd = { name: `c${round}`, status: 'todo', count: fan }
    fill(board, [parent, children])
    fillLinks(board, children, parent, 1)
    const id = `${parent.name}_0`
    samples.push(await timed(() => board.store.write((tx) => complete(tx, id, { summary: 'so' }))))
  }
  await board.store.close()
  const name = 'complete a parent of 500 children'
  yield { name, unit: 'ms', ours: median(samples), target: { atMost: 5 } }

  const wide = await boardIn(diskFolder())
  const count = quick ? 100 : 10_000
  const parents: Crowd = { name: 'p', status: 'blocked', count: 1000 }
  const waiting: Crowd = { name: 'c', status: 'todo', count }
  fill(wide, [parents, waiting])
  fillLinks(wide, waiting, parents, 5)
  const ours = await latency(rounds, () => wide.store.read((reader) => promotable(reader, null)))
  yield { name: 'sweep 10k todo with 5 parents each', unit: 'ms', ours, target: { atMost: 10 } }
  await wide.store.close()
}
