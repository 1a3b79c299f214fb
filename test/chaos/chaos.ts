/** Everything is killed at random moments while work goes on; then calm returns, and nothing may be amiss. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { assign } from '../../src/board/assign.ts'
import { block, unblock } from '../../src/board/block.ts'
import { comment } from '../../src/board/comment.ts'
import { create } from '../../src/board/create.ts'
import { holds, unhold } from '../../src/board/holds.ts'
import { reclaim } from '../../src/board/reclaim.ts'
import { runFolder } from '../../src/dispatcher/host.ts'
import { monotonic } from '../../src/lib/clock.ts'
import { isAlive, strays } from '../../src/lib/process.ts'
import { BoardError } from '../../src/model/error.ts'
import { lockToken } from '../../src/model/lock.ts'
import { sql } from '../../src/store/sql.ts'
import type { Tx } from '../../src/store/store.ts'
import { logPath, rotatedPath } from '../../src/workers/log.ts'
import { expectInvariants } from '../board/invariants.ts'
import { task } from '../board/support.ts'
import { type Gateway, type Home, makeHome } from '../e2e/home.ts'
import { type Random, randomFrom } from './random.ts'
import { kinds, scriptOf } from './workers.ts'

export interface Storm {
  readonly seed: number
  readonly seconds: number
  readonly tasks: number
}

const main = resolve('src/main.ts')

const config = `
  max_workers: 5
  failure_limit: 8
  dispatch_interval_seconds: 2
  recurring:
    - { name: minutely, cron: '* * * * *', title: by the clock, assignee: steady }
`

export async function storm({ seed, seconds, tasks }: Storm): Promise<void> {
  const random = randomFrom(seed)
  const home = await makeHome(config)
  await mkdir(join(home.root, 'chaos'))
  for (const kind of kinds) await home.profile(kind, scriptOf(kind))
  await home.board.store.write((tx) => seedTasks(tx, tasks, random))
  const state = { home, random, gateway: await home.gateway(), writers: new Set<ChildProcess>() }
  const unwatch = home.board.store.watch(() => void strike(state))
  for (const end = monotonic() + seconds * 1000; monotonic() < end; ) {
    await random.pick(deeds)?.(state)
    await pause(random.below(300))
  }
  unwatch()
  await calmDown(state)
  await expectNothingAmiss(home)
}

/** A third of them wait for others. */
async function seedTasks(tx: Tx, count: number, random: Random): Promise<void> {
  const ids: string[] = []
  for (let nth = 0; nth < count; nth += 1) {
    const kind = random.pick(kinds) ?? 'steady'
    const parents = random.below(3) === 0 ? [random.pick(ids)].filter((id) => id !== undefined) : []
    const more = kind === 'hanger' ? { max_runtime_seconds: 2 } : {}
    const made = await create(tx, task({ assignee: kind, parents, ...more }), 'chaos')
    ids.push(made.id)
  }
}

interface State {
  readonly home: Home
  readonly random: Random
  gateway: Gateway
  readonly writers: Set<ChildProcess>
}

type Deed = (state: State) => Promise<void>

const deeds: readonly Deed[] = [
  replaceGateway('SIGKILL'),
  replaceGateway('SIGKILL'),
  replaceGateway('SIGTERM'),
  killOne('runner'),
  killOne('worker'),
  replenish,
  replenish,
  write,
  write,
  ...Array<Deed>(4).fill(meddle),
]

/** Soon after a commit something is just under way: the best moment to kill. */
async function strike(state: State): Promise<void> {
  const { random } = state
  if (random.below(12) > 0) return
  await pause(random.below(150))
  await killOne(random.below(3) === 0 ? 'worker' : 'runner')(state)
}

function replaceGateway(signal: NodeJS.Signals): Deed {
  return async (state) => {
    await state.gateway.end(signal)
    state.gateway = await state.home.gateway()
  }
}

function killOne(which: 'runner' | 'worker'): Deed {
  return async ({ home, random }) => {
    const live = await home.board.store.read((reader) =>
      reader.all<{ runner: number; runnerStart: string; worker: number; workerStart: string }>(sql`
        select runner_pid as runner, runner_start as "runnerStart", worker_pid as worker,
          process_start as "workerStart"
        from task_runs where exited_at is null and runner_pid is not null`),
    )
    const one = random.pick(live)
    if (one === undefined) return
    const [pid, start] =
      which === 'runner' ? [one.runner, one.runnerStart] : [one.worker, one.workerStart]
    if (pid && start && isAlive(pid, start)) process.kill(pid, 'SIGKILL')
  }
}

/** There is always enough to do. */
async function replenish({ home, random }: State): Promise<void> {
  await home.board.store.write(async (tx) => {
    const open = await tx.all(sql`select 1 from tasks where status in ('ready', 'todo', 'running')`)
    if (open.length < 10) await seedTasks(tx, 5, random)
  })
}

/** A command that writes, or a pass by hand; every other one is killed at some moment. */
async function write({ home, random, writers }: State): Promise<void> {
  const words = random.pick([
    ['create', 'more', '--assignee', 'steady'],
    ['create', 'more', '--assignee', 'crasher'],
    ['dispatch'],
    ['gc'],
  ])
  const env = { ...process.env, HERMES_KANBAN_HOME: home.root }
  const child = spawn(process.execPath, [main, 'kanban', ...(words ?? [])], {
    env,
    stdio: 'ignore',
  })
  writers.add(child)
  if (random.below(2) === 0) {
    await pause(random.below(700))
    child.kill('SIGKILL')
  }
}

/** What a person does at the wrong moment. */
async function meddle({ home, random }: State): Promise<void> {
  const tasks = await home.board.store.read((reader) =>
    reader.all<{ id: string; status: string }>(
      sql`select id, status from tasks where status not in ('done', 'archived') order by id`,
    ),
  )
  const one = random.pick(tasks)
  if (one === undefined) return
  const chance = random.below(10)
  await refusedOrDone(home, async (tx) => {
    if (one.status === 'blocked') await unblock(tx, one.id)
    else if (chance === 0) await archive(tx, one.id)
    else if (one.status === 'running') await reclaim(tx, one.id, 'chaos', 'for no reason')
    else await comment(tx, one.id, 'chaos', 'hurry up')
  })
}

async function refusedOrDone(home: Home, work: (tx: Tx) => Promise<unknown>): Promise<void> {
  await home.board.store.write(work).catch((error) => {
    if (!(error instanceof BoardError)) throw error
  })
}

/** Lets everything that is left be done, helping along what waits for a person or a quota. */
async function calmDown({ home, gateway, writers }: State): Promise<void> {
  await Promise.all(
    [...writers].map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')),
  )
  await writeFile(join(home.root, 'chaos', 'calm'), '')
  const deadline = monotonic() + 240_000
  for (;;) {
    const left = await home.board.store.read((reader) =>
      reader.all<{ id: string; status: string; waits: number }>(sql`
        select id, status, case when not_before > ${reader.now + 3} then 1 else 0 end as waits
        from tasks where status not in ('done', 'archived')
        union all select task_id, 'ending', 0 from task_runs
          where ended_at is null or (runner_pid is not null and exited_at is null)`),
    )
    if (left.length === 0) return
    if (monotonic() > deadline) {
      throw new Error(`never ended: ${JSON.stringify(left)}\n${gateway.log()}`)
    }
    await home.board.store.write(async (tx) => {
      for (const { scope, key } of await holds(tx)) await unhold(tx, scope, key)
    })
    for (const { id, status, waits } of left) {
      await refusedOrDone(home, async (tx) => {
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
  readonly worker_pid: number | null
}

async function expectNothingAmiss(home: Home): Promise<void> {
  const { root, board } = home
  await board.store.read(expectInvariants)
  const runs = await board.store.read((reader) =>
    reader.all<Ran>(sql`
      select id, task_id, claim_lock, worker_pid from task_runs where claim_lock is not null`),
  )
  const tasks = await board.store.read((reader) =>
    reader.all<{ id: string }>(sql`select id from tasks`),
  )
  const made = await board.store.read((reader) =>
    reader.all<{ key: string }>(
      sql`select idempotency_key as key from tasks where idempotency_key is not null`,
    ),
  )
  expect(made.length, 'made twice by the clock').toBe(new Set(made.map(({ key }) => key)).size)
  expect(linesOf(home, 'overlaps'), 'two workers at once').toEqual([])
  const done = linesOf(home, 'done')
  expect(done.toSorted(), 'done twice').toEqual([...new Set(done)].toSorted())
  expect(
    runs.filter(({ claim_lock }) => strays(lockToken(claim_lock) ?? '').length > 0),
    'with processes that are left',
  ).toEqual([])
  expect(
    runs.filter((run) => run.worker_pid !== null && !logText(home, run).includes(`run ${run.id} `)),
    'without a log',
  ).toEqual([])
  expect((await home.hermes('kanban', 'gc')).code).toBe(0)
  expect(readdirSync(runFolder(root)).filter((name) => name.startsWith('t_'))).toEqual([])
  const known = new Set(tasks.map(({ id }) => id))
  expect(readdirSync(board.workspaces).filter((name) => !known.has(name))).toEqual([])
}

function linesOf({ root }: Home, name: string): string[] {
  const path = join(root, 'chaos', name)
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
}

function logText({ board }: Home, { task_id }: Ran): string {
  const path = logPath(board.logs, task_id)
  const older = rotatedPath(path)
  return `${existsSync(older) ? readFileSync(older, 'utf8') : ''}${existsSync(path) ? readFileSync(path, 'utf8') : ''}`
}
