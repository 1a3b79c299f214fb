/** The verbs as a dispatcher and a runner use them, one unit of work each. */

import { type Claim, claim } from '../src/board/claim.ts'
import { complete } from '../src/board/complete.ts'
import { create } from '../src/board/create.ts'
import type { Fence } from '../src/model/run.ts'
import type { Store, Tx } from '../src/store/store.ts'
import { input, summary } from './boards.ts'

const how: Claim = {
  lock: 'host:1:00000000000000000000000000000000',
  ttl: 900,
  here: 'host+1',
  host: 'host+1',
  maxRuntime: 43_200,
  runtime: 'command',
}

export async function createIn(tx: Tx): Promise<string> {
  return (await create(tx, input, 'user')).id
}

export async function claimIn(tx: Tx, id: string, lock = how.lock): Promise<Fence> {
  const claimed = await claim(tx, id, { ...how, lock })
  if (claimed.run === null) throw claimed.refusal
  return { run: claimed.run, lock }
}

/** Claim and complete. */
export async function cycleOne(store: Store, id: string): Promise<void> {
  const fence = await store.write((tx) => claimIn(tx, id))
  await store.write((tx) => complete(tx, id, { fence, summary }))
}
