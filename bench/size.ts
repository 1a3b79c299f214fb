import { show } from '../src/board/show.ts'
import type { Measurement } from './bench.ts'
import { boardIn, fill } from './boards.ts'
import { memoryFolder } from './folders.ts'
import { compare, each, latency, range, rate } from './measure.ts'
import { createIn, cycleOne } from './ours.ts'

/** The same verbs on a board with many tasks and on one with few: what they cost must not grow with it. */
export const size: Measurement = async function* ({ quick, large }) {
  const thousands = quick ? 1 : large ? 1000 : 100
  const [big, small] = [await boardIn(memoryFolder()), await boardIn(memoryFolder())]
  fill(big, [
    { name: 'd', status: 'done', count: thousands * 990, assignees: ['writer'] },
    { name: 'b', status: 'blocked', count: thousands * 10, assignees: ['writer', 'reader'] },
  ])
  const count = quick ? 20 : 500
  const rounds = quick ? 2 : 11
  const cycles = async (store: (typeof big)['store']) => {
    const ids = await store.write((tx) => Promise.all(range(count).map(() => createIn(tx))))
    return rate(count, () => each(ids, (id) => cycleOne(store, id)))
  }
  const cycled = await compare(
    () => cycles(big.store),
    () => cycles(small.store),
    rounds,
  )
  const target = { ratioAtLeast: 0.8 }
  const name = `claim + complete, ${thousands}k tasks, few`
  yield { name, unit: '/s', ...cycled, target }
  const looks = quick ? 10 : 200
  const shown = await latency(looks, () =>
    big.store.read((reader) => show(reader, `d_${thousands * 500}`, 50)),
  )
  yield { name: `show, ${thousands}k tasks`, unit: 'ms', ours: shown, target: { atMost: 1 } }
  for (const { store } of [big, small]) await store.close()
}
