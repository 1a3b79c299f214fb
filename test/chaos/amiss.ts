import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { runFolder } from '../../src/dispatcher/host.ts'
import { strays } from '../../src/lib/process.ts'
import { lockToken } from '../../src/model/lock.ts'
import { sql } from '../../src/store/sql.ts'
import { logPath, rotatedPath } from '../../src/workers/log.ts'
import { expectInvariants } from '../board/invariants.ts'
import { linesOf } from './notes.ts'
import type { Machine, Scene } from './scene.ts'

interface Ran {
  readonly id: number
  readonly task_id: string
  readonly claim_lock: string
  readonly host: string
  readonly worker_pid: number | null
}

/** Everything was done once, one worker at a time and on every machine, and nothing is left of it but rows and logs. */
export async function expectNothingAmiss({ store, machines, notes }: Scene): Promise<void> {
  await store.read(expectInvariants)
  const runs = await store.read((reader) =>
    reader.all<Ran>(sql`
      select id, task_id, claim_lock, host, worker_pid from task_runs where claim_lock is not null`),
  )
  expect(linesOf(join(notes, 'overlaps')), 'two workers at once').toEqual([])
  const done = linesOf(join(notes, 'done'))
  expect(done.toSorted(), 'done twice').toEqual([...new Set(done)].toSorted())
  expect(new Set(runs.map(({ host }) => host)).size, 'machines at work').toBe(machines.length)
  expect(
    runs.filter(({ claim_lock }) => strays(lockToken(claim_lock) ?? '').length > 0),
    'with processes that are left',
  ).toEqual([])
  expect(
    runs.filter(
      (run) => run.worker_pid !== null && !logOf(machines, run).includes(`run ${run.id} `),
    ),
    'without a log on its machine',
  ).toEqual([])
  for (const { name, root, hermes } of machines) {
    expect((await hermes('kanban', 'gc')).code).toBe(0)
    const folders = readdirSync(runFolder(root)).filter((entry) => entry.startsWith('t_'))
    expect(folders, `left on ${name}`).toEqual([])
  }
}

function logOf(machines: readonly Machine[], { task_id, host }: Ran): string {
  const home = machines.find(({ name }) => host.startsWith(`${name}+`))
  const path = logPath(join(home?.root ?? '', 'kanban', 'logs'), task_id)
  return [rotatedPath(path), path]
    .map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : ''))
    .join('')
}
