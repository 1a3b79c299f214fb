/** The floor on PostgreSQL: the same least SQL, prepared by name, one transaction a verb, one connection. */

import pg from 'pg'
import { taskId } from '../src/lib/ids.ts'
import { input, summary } from './boards.ts'
import { lock, now, payloads } from './floor.ts'

const event = `
  insert into task_events (task_id, run_id, kind, payload, created_at) values ($1, $2, $3, $4, $5)`
const task = `
  insert into tasks (id, title, body, assignee, status, created_by, created_at, workspace_kind)
  values ($1, $2, $3, $4, 'ready', 'user', $5, 'scratch')`
const run = `
  insert into task_runs (task_id, profile, status, claim_lock, claim_expires, max_runtime_seconds,
    started_at, host, runtime, origin)
  values ($1, $2, 'running', $3, $4, $5, $6, 'host+1', 'command', 'ready') returning id`
const running = `
  update tasks set status = 'running', claim_lock = $1, claim_expires = $2, current_run_id = $3,
    started_at = $4
  where id = $5 and status = 'ready'`
const done = `
  update tasks set status = 'done', claim_lock = null, claim_expires = null, current_run_id = null,
    completed_at = $1
  where id = $2 and current_run_id = $3 and claim_lock = $4`
const ended = `
  update task_runs set status = 'done', outcome = 'completed', ended_at = $1, summary = $2
  where id = $3`

/** In the schema of a board of its own, `floor`. */
export async function openPostgresFloor(url: string) {
  const client = new pg.Client(url)
  await client.connect()
  await client.query('set search_path to kanban_floor')

  function query(name: string, text: string, values: unknown[]) {
    return client.query({ name, text, values })
  }

  async function transaction<T>(body: () => Promise<T>): Promise<T> {
    await client.query('begin')
    const result = await body()
    await client.query('commit')
    return result
  }

  return {
    create: () =>
      transaction(async () => {
        const id = taskId()
        await query('task', task, [id, input.title, input.body, input.assignee, now])
        await query('event', event, [id, null, 'created', payloads.created, now])
        return id
      }),
    /** Claim and complete. */
    async cycle(id: string): Promise<void> {
      const number = await transaction(async () => {
        const values = [id, input.assignee, lock, now + 900, 43_200, now]
        const { rows } = await query('run', run, values)
        const made = Number(rows[0].id)
        await query('running', running, [lock, now + 900, made, now, id])
        await query('event', event, [id, made, 'claimed', payloads.claimed(made), now])
        return made
      })
      await transaction(async () => {
        await query('done', done, [now, id, number, lock])
        await query('ended', ended, [now, summary, number])
        await query('event', event, [id, number, 'completed', payloads.completed, now])
      })
    },
    close: () => client.end(),
  }
}
