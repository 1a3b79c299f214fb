import type { Measurement, Size } from './bench.ts'
import { boardIn } from './boards.ts'
import { openFloor } from './floor.ts'
import { diskFolder, memoryFolder } from './folders.ts'
import { compare, cost, type Pair, rate, times, type Yardstick } from './measure.ts'
import { createIn } from './ours.ts'

/** Creating tasks one at a time, each durable before the next. */
export const create: Measurement = async function* (size) {
  const pair = await against(diskFolder(), rate, size)
  yield { name: 'create', unit: '/s', ...pair, target: { ratioAtLeast: 0.9 } }
  const alone = await against(memoryFolder(), cost, size)
  yield { name: 'create, processor alone', unit: 'µs', ...alone }
}

async function against(folder: string, of: Yardstick, { quick }: Size): Promise<Pair> {
  const { store } = await boardIn(folder)
  const floor = await openFloor(folder)
  const count = quick ? 20 : 400
  const pair = await compare(
    () => of(count, () => times(count, () => store.write(createIn))),
    () => of(count, () => times(count, async () => floor.transaction(floor.create))),
    quick ? 2 : 15,
  )
  floor.close()
  await store.close()
  return pair
}
