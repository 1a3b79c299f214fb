/** Whole machines stop and go on, or do not; nothing is lost by it and nothing done twice. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { isAlive } from '../../src/lib/process.ts'
import { sql } from '../../src/store/sql.ts'
import { expectInvariants } from '../board/invariants.ts'
import { allOver, type Home, makeHome } from './home.ts'

interface Processes {
  readonly run: number
  readonly runner: number
  readonly runnerStart: string
  readonly worker: number
  readonly workerStart: string
}

/** Those of the task's latest run, after run `earlier`, once its worker is at work. */
function processesOf(home: Home, task: string, earlier = 0): Promise<Processes> {
  return home.until(`${task} has a worker`, (reader) =>
    reader.get<Processes>(sql`
      select id as run, runner_pid as runner, runner_start as "runnerStart", worker_pid as worker,
        process_start as "workerStart"
      from task_runs where task_id = ${task} and id > ${earlier} and worker_pid is not null
      order by id desc limit 1`),
  )
}

const patient =
  'until [ -e go ]; do sleep 0.1; done; echo done >> ../deeds; hermes kanban complete "$HERMES_KANBAN_TASK" --summary done'

test('when all of a machine stops for longer than two leases, everything goes on as it was', async () => {
  const home = await makeHome('  claim_ttl_seconds: 2\n')
  await home.profile('patient', patient)
  const tasks = [
    await home.create('one', '--assignee', 'patient'),
    await home.create('two', '--assignee', 'patient'),
  ]
  const gateway = await home.gateway()
  const before = await Promise.all(tasks.map((task) => processesOf(home, task)))
  const all = [gateway.pid, ...before.flatMap(({ runner, worker }) => [runner, worker])]
  for (const pid of all) process.kill(pid, 'SIGSTOP')
  await pause(6_000)
  for (const pid of all) process.kill(pid, 'SIGCONT')
  await Promise.all(before.map(({ run }) => renewed(home, run)))
  for (const task of tasks) await writeFile(join(home.board.workspaces, task, 'go'), '')
  for (const [nth, task] of tasks.entries()) {
    const { runs } = await home.comes(task, 'done')
    expect(runs).toMatchObject([{ id: before[nth]?.run, outcome: 'completed' }])
  }
  await allOver(home)
})

/** Resolves when the lease of the run lies in the future again. */
function renewed(home: Home, run: number): Promise<unknown> {
  return home.until(`run ${run} is renewed`, (reader) =>
    reader.get(sql`select 1 from task_runs where id = ${run} and claim_expires > ${reader.now}`),
  )
}

test('a task taken back while its runner stood still waits for the end of the old worker', async () => {
  const home = await makeHome('  claim_ttl_seconds: 2\n')
  await home.profile('patient', patient)
  const task = await home.create('one', '--assignee', 'patient')
  const gateway = await home.gateway()
  const { runner, worker, workerStart, run } = await processesOf(home, task)
  const all = [gateway.pid, runner, worker]
  for (const pid of all) process.kill(pid, 'SIGSTOP')
  expect((await home.hermes('kanban', 'reclaim', task)).code).toBe(0)
  await pause(5_000)
  for (const pid of all) process.kill(pid, 'SIGCONT')
  const next = await home.until('it is claimed again', async (reader) => {
    const found = await reader.get<{ alone: number }>(sql`
      select (select exited_at from task_runs where id = ${run}) is not null as alone
      from task_runs where task_id = ${task} and id > ${run}`)
    return found
  })
  expect(next.alone).toBe(1)
  expect(isAlive(worker, workerStart)).toBe(false)
  await writeFile(join(home.board.workspaces, task, 'go'), '')
  const { runs } = await home.comes(task, 'done')
  expect(runs.map(({ outcome }) => outcome)).toEqual(['reclaimed', 'completed'])
  await allOver(home)
})

test('a runner that alone stands still for two leases is ended, and its run has crashed', async () => {
  const home = await makeHome('  claim_ttl_seconds: 2\n')
  await home.profile('patient', patient)
  const task = await home.create('one', '--assignee', 'patient', '--max-retries', '1')
  await home.gateway()
  const { runner, runnerStart, worker, workerStart } = await processesOf(home, task)
  process.kill(runner, 'SIGSTOP')
  const { events, runs } = await home.comes(task, 'blocked')
  await allOver(home)
  expect([isAlive(runner, runnerStart), isAlive(worker, workerStart)]).toEqual([false, false])
  expect(runs).toMatchObject([{ outcome: 'gave_up' }])
  expect(events.at(-1)?.payload).toMatchObject({ failures: 1, trigger_outcome: 'crashed' })
})

test('after a restart of the machine its runs are closed, not counted, and tried again', async () => {
  const home = await makeHome('  max_workers: 1\n')
  await home.profile('patient', patient)
  const task = await home.create('one', '--assignee', 'patient')
  const gateway = await home.gateway()
  const { runner, worker, run } = await processesOf(home, task)
  await gateway.end('SIGKILL')
  for (const pid of [runner, worker]) process.kill(pid, 'SIGKILL')
  await home.board.store.write((tx) =>
    tx.run(sql`
      update task_runs set runner_start = 'before:1', process_start = 'before:2' where id = ${run}`),
  )
  await home.gateway()
  await processesOf(home, task, run)
  await writeFile(join(home.board.workspaces, task, 'go'), '')
  const { runs, task: done, events } = await home.comes(task, 'done')
  expect(runs).toMatchObject([
    { outcome: 'reclaimed', summary: 'host restarted' },
    { outcome: 'completed' },
  ])
  expect(done.consecutive_failures).toBe(0)
  expect(events.map(({ kind }) => kind)).not.toContain('crashed')
  await allOver(home)
  await home.board.store.read(expectInvariants)
})
