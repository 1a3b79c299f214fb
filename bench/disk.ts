import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { create } from '../src/board/create.ts'
import type { Measurement } from './bench.ts'
import { boardIn, input } from './boards.ts'
import { diskFolder } from './folders.ts'
import { each, range } from './measure.ts'
import { cycleOne } from './ours.ts'

/** What a task of a mere title takes in the file, its events, its run and all indexes included. */
export const disk: Measurement = async function* ({ quick }) {
  const count = quick ? 100 : 5000
  const { store, database } = await boardIn(diskFolder())
  const bare = { ...input, body: null }
  const empty = sizeOf(database)
  const ids = await store.write(async (tx) => {
    const made: string[] = []
    for (const _ of range(count)) made.push((await create(tx, bare, 'user')).id)
    return made
  })
  const created = (sizeOf(database) - empty) / count
  yield { name: 'disk, a created task', unit: 'B', ours: created, target: { atMost: 350 } }
  await each(ids, (id) => cycleOne(store, id))
  const finished = (sizeOf(database) - empty) / count
  yield { name: 'disk, a finished task', unit: 'B', ours: finished, target: { atMost: 900 } }
  await store.close()
}

/** Everything in the file itself, nothing left in its log. */
function sizeOf(file: string): number {
  const database = new DatabaseSync(file)
  database.exec('pragma wal_checkpoint(truncate)')
  database.close()
  return statSync(file).size
}
