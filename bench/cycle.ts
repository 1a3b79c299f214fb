import type { Measurement, Size } from './bench.ts'
import { boardIn } from './boards.ts'
import { openFloor } from './floor.ts'
import { diskFolder, memoryFolder } from './folders.ts'
import { compare, cost, each, type Pair, range, rate, type Yardstick } from './measure.ts'
import { createIn, cycleOne } from './ours.ts'

/** A task from ready to done: claimed and completed, two units of work. */
export const cycle: Measurement = async function* (size) {
  const pair = await against(diskFolder(), rate, size)
  yield { name: 'claim + complete', unit: '/s', ...pair, target: { ratioAtLeast: 0.9 } }
  const alone = await against(memoryFolder(), cost, size)
  yield { name: 'claim + complete, processor alone', unit: 'µs', ...alone }
}

async function against(folder: string, of: Yardstick, { quick }: Size): Promise<Pair> {
  const { store } = await boardIn(folder)
  const floor = await openFloor(folder)
  const count = quick ? 20 : 400
  const pair = await compare(ours, theirs, quick ? 2 : 25)
  floor.close()
  await store.close()
  return pair

  async function ours(): Promise<number> {
    const ids = await store.write((tx) => Promise.all(range(count).map(() => createIn(tx))))
    return of(count, () => each(ids, (id) => cycleOne(store, id)))
  }

  async function theirs(): Promise<number> {
    const ids = floor.transaction(() => range(count).map(floor.create))
    return of(count, async () => {
      for (const id of ids) {
        const run = floor.transaction(() => floor.claim(id))
        floor.transaction(() => floor.complete(id, run))
      }
    })
  }
}
