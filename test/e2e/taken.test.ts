/** Whatever takes a task away from its worker ends the worker, and nobody has the task before that. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isAlive, strays } from '../../src/lib/process.ts'
import { lockToken } from '../../src/model/lock.ts'
import { sql } from '../../src/store/sql.ts'
import { allOver, makeHome } from './home.ts'

interface Working {
  readonly id: number
  readonly pid: number
  readonly start: string
  readonly lock: string
}

/** The words of each verb behind the task's id, and how it closes the run. */
const verbs: Readonly<Record<string, readonly [words: readonly string[], outcome: string]>> = {
  reclaim: [[], 'reclaimed'],
  reassign: [['other', '--reclaim'], 'reclaimed'],
  move: [['triage'], 'reclaimed'],
  archive: [[], 'reclaimed'],
  complete: [['--summary', 'I did it'], 'completed'],
  block: [['wait for me'], 'blocked'],
}

test('every verb that takes a running task away ends its worker before anybody else has it', async () => {
  const home = await makeHome()
  await home.profile(
    'long',
    `setsid sleep 300 & until [ -e "$HERMES_KANBAN_HOME/calm" ]; do sleep 0.1; done
     hermes kanban complete "$HERMES_KANBAN_TASK" --summary calm`,
  )
  await home.gateway()
  const taken = Object.entries(verbs).map(async ([verb, [words, outcome]]) => {
    const task = await home.create(verb, '--assignee', 'long')
    const first = await home.until(`${task} has a worker`, (reader) =>
      reader.get<Working>(sql`
        select id, worker_pid as pid, process_start as start, claim_lock as lock
        from task_runs where task_id = ${task} and worker_pid is not null`),
    )
    expect((await home.hermes('kanban', verb, task, ...words)).code, verb).toBe(0)
    await home.until(`the worker of ${task} has ended`, (reader) =>
      reader.get(sql`select 1 from task_runs where id = ${first.id} and exited_at is not null`),
    )
    expect(isAlive(first.pid, first.start), verb).toBe(false)
    expect(strays(lockToken(first.lock) ?? ''), verb).toEqual([])
    const [run, next] = await home.board.store.read((reader) =>
      reader.all<{ outcome: string; started_at: number; exited_at: number }>(sql`
        select outcome, started_at, exited_at from task_runs where task_id = ${task} order by id`),
    )
    expect(run, verb).toMatchObject({ outcome })
    if (next !== undefined)
      expect(next.started_at, verb).toBeGreaterThanOrEqual(run?.exited_at ?? 0)
  })
  await Promise.all(taken)
  await writeFile(join(home.root, 'calm'), '')
  await allOver(home)
})
