/** Three machines at work, while machines, networks, the server and single processes fail at random moments; then calm returns, and nothing may be amiss. */

import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { assign } from '../../src/board/assign.ts'
import { block, unblock } from '../../src/board/block.ts'
import { comment } from '../../src/board/comment.ts'
import { create } from '../../src/board/create.ts'
import { reclaim } from '../../src/board/reclaim.ts'
import { runFolder } from '../../src/dispatcher/host.ts'
import { monotonic } from '../../src/lib/clock.ts'
import { isAlive, strays } from '../../src/lib/process.ts'
import { BoardError } from '../../src/model/error.ts'
import { lockToken } from '../../src/model/lock.ts'
import { outlasting } from '../../src/store/outlasting.ts'
import { sql } from '../../src/store/sql.ts'
import type { Store, Tx } from '../../src/store/store.ts'
import { logPath, rotatedPath } from '../../src/workers/log.ts'
import { expectInvariants } from '../board/invariants.ts'
import { task } from '../board/support.ts'
import { type Random, randomFrom } from '../chaos/random.ts'
import { kinds, scriptOf } from '../chaos/workers.ts'
import { type Fleet, type Host, makeFleet } from './fleet.ts'

export interface Storm {
  readonly seed: number
  readonly seconds: number
  readonly tasks: number
}

const config = `  claim_ttl_seconds: 8
  dispatch_interval_seconds: 2
  max_workers: 3
  failure_limit: 8
`

export async function storm({ seed, seconds, tasks }: Storm): Promise<void> {
  const random = randomFrom(seed)
  const fleet = await makeFleet(['anna', 'bert', 'cleo'], config)
  const store = outlasting(fleet.board.store, new AbortController().signal)
  for (const host of fleet.hosts) {
    for (const kind of kinds) await host.profile(kind, scriptOf(kind, '"$S"'))
  }
  const state: State = { fleet, store, random, troubled: new Map(), server: Promise.resolve() }
  await store.write((tx) => seedTasks(tx, tasks, random))
  await Promise.all(fleet.hosts.map((host) => host.start()))
  for (const end = monotonic() + seconds * 1000; monotonic() < end; ) {
    await random.pick(deeds)?.(state)
    await pause(random.below(500))
  }
  await calmDown(state)
  await expectNothingAmiss(state)
}

interface State {
  readonly fleet: Fleet
  readonly store: Store
  readonly random: Random
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
  killOne,
  killOne,
  replenish,
  replenish,
  write,
  ...Array<Deed>(4).fill(meddle),
]

/** A third of them wait for others, and some ask for a machine. */
async function seedTasks(tx: Tx, count: number, random: Random): Promise<void> {
  const ids: string[] = []
  for (let nth = 0; nth < count; nth += 1) {
    const kind = random.pick(kinds) ?? 'steady'
    const parents = random.below(3) === 0 ? [random.pick(ids)].filter((id) => id !== undefined) : []
    const host = random.below(5) === 0 ? random.pick(['anna', 'bert', 'cleo']) : undefined
    const more = kind === 'hanger' ? { max_runtime_seconds: 2 } : {}
    const made = await create(tx, task({ assignee: kind, parents, host, ...more }), 'chaos')
    ids.push(made.id)
  }
}

async function restartServer(state: State): Promise<void> {
  const { fleet, random } = state
  await state.server
  state.server = (async () => {
    await fleet.cluster.halt(random.below(2) === 0 ? 'well' : 'badly')
    await pause(random.below(4_000))
    await fleet.cluster.resume()
  })()
}

async function killOne({ store, random }: State): Promise<void> {
  const live = await store.read((reader) =>
    reader.all<{ runner: number; runnerStart: string; worker: number; workerStart: string }>(sql`
      select runner_pid as runner, runner_start as "runnerStart", worker_pid as worker,
        process_start as "workerStart"
      from task_runs where exited_at is null and runner_pid is not null`),
  )
  const one = random.pick(live)
  if (one === undefined) return
  const [pid, start] =
    random.below(2) === 0 ? [one.runner, one.runnerStart] : [one.worker, one.workerStart]
  if (pid && start && isAlive(pid, start)) process.kill(pid, 'SIGKILL')
}

/** There is always enough to do. */
async function replenish({ store, random }: State): Promise<void> {
  await store.write(async (tx) => {
    const open = await tx.all(sql`select 1 from tasks where status in ('ready', 'todo', 'running')`)
    if (open.length < 12) await seedTasks(tx, 6, random)
  })
}

/** A command somewhere, which may find that the server is away, and is killed now and then. */
async function write({ fleet, random }: State): Promise<void> {
  const host = random.pick(fleet.hosts)
  const words = random.pick([['create', 'more', '--assignee', 'steady'], ['dispatch'], ['list']])
  const main = join(import.meta.dirname, '../../src/main.ts')
  const child = spawn(process.execPath, [main, 'kanban', ...(words ?? [])], {
    env: { ...process.env, HERMES_KANBAN_HOME: host?.root },
    stdio: 'ignore',
  })
  if (random.below(2) > 0) return
  await pause(random.below(700))
  child.kill('SIGKILL')
}

/** What a person does at the wrong moment. */
async function meddle({ store, random }: State): Promise<void> {
  const tasks = await store.read((reader) =>
    reader.all<{ id: string; status: string }>(
      sql`select id, status from tasks where status not in ('done', 'archived') order by id`,
    ),
  )
  const one = random.pick(tasks)
  if (one === undefined) return
  const chance = random.below(10)
  await refusedOrDone(store, async (tx) => {
    if (one.status === 'blocked') await unblock(tx, one.id)
    else if (chance === 0) await archive(tx, one.id)
    else if (one.status === 'running') await reclaim(tx, one.id, 'chaos', 'for no reason')
    else await comment(tx, one.id, 'chaos', 'hurry up')
  })
}

async function refusedOrDone(store: Store, work: (tx: Tx) => Promise<unknown>): Promise<void> {
  await store.write(work).catch((error) => {
    if (!(error instanceof BoardError)) throw error
  })
}

/** Lets everything that is left be done, helping along what waits for a person or a quota. */
async function calmDown({ fleet, store, troubled, server }: State): Promise<void> {
  await server
  await Promise.all(troubled.values())
  await writeFile(join(fleet.shared, 'calm'), '')
  const deadline = monotonic() + 240_000
  for (;;) {
    const left = await store.read((reader) =>
      reader.all<{ id: string; status: string; waits: number }>(sql`
        select id, status, case when not_before > ${reader.now + 3} then 1 else 0 end as waits
        from tasks where status not in ('done', 'archived')
        union all select task_id, 'ending', 0 from task_runs
          where ended_at is null or (runner_pid is not null and exited_at is null)`),
    )
    if (left.length === 0) return
    if (monotonic() > deadline) {
      const said = fleet.hosts.map((host) => `${host.name}:\n${host.log().slice(-4000)}`)
      throw new Error(`never ended: ${JSON.stringify(left)}\n${said.join('\n')}`)
    }
    // The quota of one kind of worker holds back all of them.
    await store.write((tx) => tx.run(sql`delete from kanban_holds where scope = 'account'`))
    for (const { id, status, waits } of left) {
      await refusedOrDone(store, async (tx) => {
        if (status === 'blocked') await unblock(tx, id)
        if (status !== 'ready' || waits === 0) return
        await block(tx, id, {})
        await unblock(tx, id)
        await assign(tx, id, 'steady')
      })
    }
    await pause(200)
  }
}

interface Ran {
  readonly id: number
  readonly task_id: string
  readonly claim_lock: string
  readonly host: string
  readonly worker_pid: number | null
}

async function expectNothingAmiss({ fleet, store }: State): Promise<void> {
  await store.read(expectInvariants)
  const runs = await store.read((reader) =>
    reader.all<Ran>(sql`
      select id, task_id, claim_lock, host, worker_pid from task_runs where host is not null`),
  )
  expect(fleet.notes('overlaps'), 'two workers at once').toEqual([])
  const done = fleet.notes('done')
  expect(done.toSorted(), 'done twice').toEqual([...new Set(done)].toSorted())
  expect(new Set(runs.map(({ host }) => host)).size, 'machines at work').toBe(fleet.hosts.length)
  expect(
    runs.filter(({ claim_lock }) => strays(lockToken(claim_lock) ?? '').length > 0),
    'with processes that are left',
  ).toEqual([])
  expect(
    runs.filter((run) => run.worker_pid !== null && !logOf(fleet, run).includes(`run ${run.id} `)),
    'without a log on its machine',
  ).toEqual([])
  for (const host of fleet.hosts) {
    expect((await host.hermes('kanban', 'gc')).code).toBe(0)
    const folders = readdirSync(runFolder(host.root)).filter((name) => name.startsWith('t_'))
    expect(folders, `left on ${host.name}`).toEqual([])
  }
}

function logOf({ hosts }: Fleet, { task_id, host }: Ran): string {
  const home = hosts.find(({ name }) => host.startsWith(`${name}+`))
  const path = logPath(join(home?.root ?? '', 'kanban', 'logs'), task_id)
  const older = rotatedPath(path)
  return `${existsSync(older) ? readFileSync(older, 'utf8') : ''}${existsSync(path) ? readFileSync(path, 'utf8') : ''}`
}
