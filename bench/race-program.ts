/** One racer: opens the board, waits for a line, claims for so many milliseconds, says how many it got. */

import { once } from 'node:events'
import { dirname } from 'node:path'
import { sql } from '../src/store/sql.ts'
import type { Tx } from '../src/store/store.ts'
import { boardIn } from './boards.ts'
import { claimIn } from './ours.ts'

const [database = '', ms = '0'] = process.argv.slice(2)
const { store } = await boardIn(dirname(database))
process.stdout.write('ready\n')
await once(process.stdin, 'data')

let count = 0
const end = performance.now() + Number(ms)
while (performance.now() < end && (await store.write(takeNext))) count += 1
await store.close()
process.stdout.write(`${count}\n`)

async function takeNext(tx: Tx): Promise<boolean> {
  const next = await tx.get<{ id: string }>(sql`
    select id from tasks where status = 'ready' order by priority desc, created_at, id limit 1`)
  if (next === undefined) return false
  await claimIn(tx, next.id)
  return true
}
