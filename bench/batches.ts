import type { Measurement } from './bench.ts'
import { boardIn } from './boards.ts'
import { diskFolder } from './folders.ts'
import { compare, each, range, rate, times } from './measure.ts'
import { claimIn, createIn } from './ours.ts'

const batch = 100

/** One unit of work for 100 tasks, against one for each. The floor is the single rate. */
export const batches: Measurement = async function* ({ quick }) {
  const { store } = await boardIn(diskFolder())
  const many = quick ? 1 : 10
  const count = many * batch
  const rounds = quick ? 2 : 9

  function createBatch(): Promise<string[]> {
    return store.write((tx) => Promise.all(range(batch).map(() => createIn(tx))))
  }

  async function ready(): Promise<string[][]> {
    const all: string[][] = []
    await times(many, async () => {
      all.push(await createBatch())
    })
    return all
  }

  const created = await compare(
    () => rate(count, () => times(many, createBatch)),
    () => rate(count, () => times(count, () => store.write(createIn))),
    rounds,
  )
  yield { name: 'create, 100 at once', unit: '/s', ...created, target: { ratioAtLeast: 7 } }

  const claimed = await compare(
    async () => {
      const all = await ready()
      return rate(count, () =>
        each(all, (ids) => store.write((tx) => Promise.all(ids.map((id) => claimIn(tx, id))))),
      )
    },
    async () => {
      const ids = (await ready()).flat()
      return rate(count, () => each(ids, (id) => store.write((tx) => claimIn(tx, id))))
    },
    rounds,
  )
  yield { name: 'claim, 100 at once', unit: '/s', ...claimed, target: { ratioAtLeast: 5 } }
  await store.close()
}
