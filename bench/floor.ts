/**
 * What the same rows cost without us: the least SQL, prepared once, one transaction a verb, on the
 * driver alone. Same schema with its indexes, same durability. It checks nothing but the claim.
 */

import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { taskId } from '../src/lib/ids.ts'
import { boardIn, input, summary } from './boards.ts'

export interface Floor {
  /** Transactions of one's own, around any number of verbs. */
  transaction<T>(body: () => T): T
  create(): string
  /** Returns the run. */
  claim(id: string): number
  complete(id: string, run: number): void
  close(): void
}

export const lock = 'host:1:00000000000000000000000000000000'
export const now = 1_800_000_000

/** Of the events. */
export const payloads = {
  created: JSON.stringify({
    assignee: input.assignee,
    status: 'ready',
    parents: [],
    tenant: null,
    skills: [],
  }),
  claimed: (run: number) => JSON.stringify({ lock: 'host:1', expires: now + 900, run_id: run }),
  completed: JSON.stringify({ result_len: 0, summary }),
}

/** On an empty board of its own, somewhere in `folder`. */
export async function openFloor(folder: string): Promise<Floor> {
  const { store, database: file } = await boardIn(mkdtempSync(join(folder, 'floor-')))
  await store.close()
  const database = new DatabaseSync(file, { timeout: 0, enableForeignKeyConstraints: false })
  database.exec('pragma journal_mode = wal; pragma synchronous = full')
  const prepare = (text: string) => database.prepare(text)
  const begin = prepare('begin immediate')
  const commit = prepare('commit')
  const task = prepare(`
    insert into tasks (id, title, body, assignee, status, created_by, created_at, workspace_kind)
    values (?, ?, ?, ?, 'ready', 'user', ?, 'scratch')
    on conflict do nothing`)
  const run = prepare(`
    insert into task_runs (task_id, profile, status, claim_lock, claim_expires, max_runtime_seconds,
      started_at, host, runtime, origin)
    values (?, ?, 'running', ?, ?, ?, ?, 'host+1', 'command', 'ready')`)
  const running = prepare(`
    update tasks set status = 'running', claim_lock = ?, claim_expires = ?, current_run_id = ?,
      started_at = ?
    where id = ? and status = 'ready'`)
  const done = prepare(`
    update tasks set status = 'done', claim_lock = null, claim_expires = null, current_run_id = null,
      completed_at = ?
    where id = ? and current_run_id = ? and claim_lock = ?`)
  const ended = prepare(`
    update task_runs set status = 'done', outcome = 'completed', ended_at = ?, summary = ?
    where id = ?`)
  const event = prepare(
    'insert into task_events (task_id, run_id, kind, payload, created_at) values (?, ?, ?, ?, ?)',
  )

  function create(): string {
    const id = taskId()
    const { changes } = task.run(id, input.title, input.body ?? null, input.assignee ?? null, now)
    if (changes === 0) return create()
    event.run(id, null, 'created', payloads.created, now)
    return id
  }

  return {
    create,
    transaction(body) {
      begin.run()
      const result = body()
      commit.run()
      return result
    },
    claim(id) {
      const made = run.run(id, input.assignee ?? null, lock, now + 900, 43_200, now)
      const number = Number(made.lastInsertRowid)
      running.run(lock, now + 900, number, now, id)
      event.run(id, number, 'claimed', payloads.claimed(number), now)
      return number
    },
    complete(id, number) {
      done.run(now, id, number, lock)
      ended.run(now, summary, number)
      event.run(id, number, 'completed', payloads.completed, now)
    },
    close: () => database.close(),
  }
}
