/** A board on which much goes on at once, by its workers, by commands, and by a person who meddles. */

import type { ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { archive } from '../../src/board/archive.ts'
import { unblock } from '../../src/board/block.ts'
import { comment } from '../../src/board/comment.ts'
import { create } from '../../src/board/create.ts'
import { reclaim } from '../../src/board/reclaim.ts'
import { isAlive } from '../../src/lib/process.ts'
import { BoardError } from '../../src/model/error.ts'
import { sql } from '../../src/store/sql.ts'
import type { Store, Tx } from '../../src/store/store.ts'
import { task } from '../board/support.ts'
import type { Installed } from '../support/installed.ts'
import type { Random } from './random.ts'
import { kinds, scriptOf } from './workers.ts'

export interface Machine extends Pick<Installed, 'hermes' | 'begin' | 'profile'> {
  /** What tasks can ask for. */
  readonly name: string
  readonly root: string
}

export interface Scene {
  readonly store: Store
  readonly random: Random
  readonly machines: readonly Machine[]
  /** The folder in which workers leave their notes. */
  readonly notes: string
  /** Those that have been started; some have ended. */
  readonly commands: Set<ChildProcess>
}

export async function setScene(given: Omit<Scene, 'commands'>, tasks: number): Promise<Scene> {
  const scene = { ...given, commands: new Set<ChildProcess>() }
  for (const { profile } of scene.machines) {
    for (const kind of kinds) await profile(kind, scriptOf(kind, scene.notes))
  }
  await scene.store.write((tx) => seedTasks(tx, tasks, scene))
  return scene
}

/** A third of them wait for others, and where there are several machines some ask for one. */
async function seedTasks(tx: Tx, count: number, { random, machines }: Scene): Promise<void> {
  const ids: string[] = []
  for (let nth = 0; nth < count; nth += 1) {
    const kind = random.pick(kinds) ?? 'steady'
    const parents = random.below(3) === 0 ? [random.pick(ids)].filter((id) => id !== undefined) : []
    const asks = machines.length > 1 && random.below(5) === 0
    const host = asks ? random.pick(machines)?.name : undefined
    const more = kind === 'hanger' ? { max_runtime_seconds: 2 } : {}
    const made = await create(tx, task({ assignee: kind, parents, host, ...more }), 'chaos')
    ids.push(made.id)
  }
}

/** There is always enough to do. */
export async function replenish(scene: Scene): Promise<void> {
  await scene.store.write(async (tx) => {
    const open = await tx.all(sql`select 1 from tasks where status in ('ready', 'todo', 'running')`)
    if (open.length < 10) await seedTasks(tx, 5, scene)
  })
}

export async function killOne({ store, random }: Scene, which: 'runner' | 'worker'): Promise<void> {
  const live = await store.read((reader) =>
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

/** A command that writes, a list, or a pass by hand; every other one is killed at some moment. */
export async function command({ random, machines, commands }: Scene): Promise<void> {
  const words = random.pick([
    ['create', 'more', '--assignee', 'steady'],
    ['create', 'more', '--assignee', 'crasher'],
    ['dispatch'],
    ['list'],
    ['gc'],
  ])
  const child = random.pick(machines)?.begin('kanban', ...(words ?? []))
  if (child === undefined) return
  commands.add(child)
  if (random.below(2) > 0) return
  await pause(random.below(700))
  child.kill('SIGKILL')
}

/** What a person does at the wrong moment. */
export async function meddle({ store, random }: Scene): Promise<void> {
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

export async function refusedOrDone(
  store: Store,
  work: (tx: Tx) => Promise<unknown>,
): Promise<void> {
  await store.write(work).catch((error) => {
    if (!(error instanceof BoardError)) throw error
  })
}
