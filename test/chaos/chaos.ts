/** Everything is killed at random moments while work goes on; then calm returns, and nothing may be amiss. */

import { readdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { monotonic } from '../../src/lib/clock.ts'
import { sql } from '../../src/store/sql.ts'
import { type Gateway, type Home, makeHome } from '../e2e/home.ts'
import { expectNothingAmiss } from './amiss.ts'
import { calmDown } from './calm.ts'
import { randomFrom } from './random.ts'
import { command, killOne, meddle, replenish, type Scene, setScene } from './scene.ts'

export interface Storm {
  readonly seed: number
  readonly seconds: number
  readonly tasks: number
}

const config = `
  host: anna
  max_workers: 5
  failure_limit: 8
  dispatch_interval_seconds: 2
  recurring:
    - { name: minutely, cron: '* * * * *', title: by the clock, assignee: steady }
`

export async function storm({ seed, seconds, tasks }: Storm): Promise<void> {
  const random = randomFrom(seed)
  const home = await makeHome(config)
  const { store } = home.board
  const notes = join(home.root, 'chaos')
  await mkdir(notes)
  const machines = [{ ...home, name: 'anna' }]
  const scene = await setScene({ store, random, machines, notes }, tasks)
  const state: State = { ...scene, home, gateway: await home.gateway() }
  const unwatch = store.watch(() => void strike(state))
  for (const end = monotonic() + seconds * 1000; monotonic() < end; ) {
    await random.pick(deeds)?.(state)
    await pause(random.below(300))
  }
  unwatch()
  await calmDown(state, state.gateway.log)
  await expectNothingAmiss(state)
  await expectNothingOdd(home)
}

interface State extends Scene {
  readonly home: Home
  gateway: Gateway
}

type Deed = (state: State) => Promise<void>

const deeds: readonly Deed[] = [
  replaceGateway('SIGKILL'),
  replaceGateway('SIGKILL'),
  replaceGateway('SIGTERM'),
  (state) => killOne(state, 'runner'),
  (state) => killOne(state, 'worker'),
  replenish,
  replenish,
  command,
  command,
  ...Array<Deed>(4).fill(meddle),
]

/** Soon after a commit something is just under way: the best moment to kill. */
async function strike(state: State): Promise<void> {
  const { random } = state
  if (random.below(12) > 0) return
  await pause(random.below(150))
  await killOne(state, random.below(3) === 0 ? 'worker' : 'runner')
}

function replaceGateway(signal: NodeJS.Signals): Deed {
  return async (state) => {
    await state.gateway.end(signal)
    state.gateway = await state.home.gateway()
  }
}

/** The clock made each task once, and no folder is left of a task that is gone. */
async function expectNothingOdd({ board }: Home): Promise<void> {
  const tasks = await board.store.read((reader) =>
    reader.all<{ id: string; key: string | null }>(
      sql`select id, idempotency_key as key from tasks`,
    ),
  )
  const keys = tasks.map(({ key }) => key).filter((key) => key !== null)
  expect(keys.length, 'made twice by the clock').toBe(new Set(keys).size)
  const known = new Set(tasks.map(({ id }) => id))
  expect(readdirSync(board.workspaces).filter((name) => !known.has(name))).toEqual([])
}
