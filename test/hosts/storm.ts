/** Three machines at work, while machines, networks, the server and single processes fail at random moments; then calm returns, and nothing may be amiss. */

import { setTimeout as pause } from 'node:timers/promises'
import { monotonic } from '../../src/lib/clock.ts'
import { outlasting } from '../../src/store/outlasting.ts'
import { expectNothingAmiss } from '../chaos/amiss.ts'
import { calmDown } from '../chaos/calm.ts'
import type { Storm } from '../chaos/chaos.ts'
import { randomFrom } from '../chaos/random.ts'
import { command, killOne, meddle, replenish, type Scene, setScene } from '../chaos/scene.ts'
import { type Fleet, type Host, makeFleet } from './fleet.ts'

const config = `  claim_ttl_seconds: 8
  dispatch_interval_seconds: 2
  max_workers: 3
  failure_limit: 8
`

export async function storm({ seed, seconds, tasks }: Storm): Promise<void> {
  const random = randomFrom(seed)
  const fleet = await makeFleet(['anna', 'bert', 'cleo'], config)
  const store = outlasting(fleet.board.store, new AbortController().signal)
  const { hosts: machines, shared: notes } = fleet
  const scene = await setScene({ store, random, machines, notes }, tasks)
  const state: State = { ...scene, fleet, troubled: new Map(), server: Promise.resolve() }
  await Promise.all(fleet.hosts.map((host) => host.start()))
  for (const end = monotonic() + seconds * 1000; monotonic() < end; ) {
    await random.pick(deeds)?.(state)
    await pause(random.below(500))
  }
  await state.server
  await Promise.all(state.troubled.values())
  await calmDown(state, fleet.log)
  await expectNothingAmiss(state)
}

interface State extends Scene {
  readonly fleet: Fleet
  /** Machines that something is wrong with, until it is over. */
  readonly troubled: Map<Host, Promise<void>>
  /** Until the server is there again. */
  server: Promise<void>
}

type Deed = (state: State) => Promise<void>

/** What goes wrong takes its time, while other things go wrong. At least one machine is always well. */
function onSome(trouble: (host: Host, state: State) => Promise<void>): Deed {
  return async (state) => {
    const { fleet, random, troubled } = state
    if (troubled.size >= fleet.hosts.length - 1) return
    const host = random.pick(fleet.hosts.filter((one) => !troubled.has(one)))
    if (host === undefined) return
    troubled.set(
      host,
      trouble(host, state).finally(() => troubled.delete(host)),
    )
  }
}

const deeds: readonly Deed[] = [
  onSome(async (host, { random }) => {
    await host.die()
    await pause(random.below(15_000))
    await host.start()
  }),
  onSome(async ({ network }, { random }) => {
    network.cut()
    await pause(random.below(15_000))
    network.resume()
  }),
  onSome(async ({ network }, { random }) => {
    network.stall()
    await pause(random.below(15_000))
    network.resume()
  }),
  onSome(async ({ network }) => network.forget()),
  onSome(async (host, { random }) => {
    await host.end(random.below(2) === 0 ? 'SIGKILL' : 'SIGTERM')
    await host.start()
  }),
  restartServer,
  (state) => killOne(state, 'runner'),
  (state) => killOne(state, 'worker'),
  replenish,
  replenish,
  command,
  ...Array<Deed>(4).fill(meddle),
]

async function restartServer(state: State): Promise<void> {
  const { fleet, random } = state
  await state.server
  state.server = (async () => {
    await fleet.cluster.halt(random.below(2) === 0 ? 'well' : 'badly')
    await pause(random.below(4_000))
    await fleet.cluster.resume()
  })()
}
