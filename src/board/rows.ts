/** Rows as the drivers give them, and as every surface shows them. An odd cell never breaks a list. */

import { jsonIn } from '../lib/json.ts'
import type { Event } from '../model/event.ts'
import { publicLock } from '../model/lock.ts'
import type { Run } from '../model/run.ts'
import type { Task } from '../model/task.ts'
import { sql } from '../store/sql.ts'

export const taskColumns = sql`id, title, body, assignee, status, priority, created_by, created_at,
  started_at, completed_at, workspace_kind, workspace_path, branch_name, claim_lock, claim_expires,
  tenant, result, idempotency_key, consecutive_failures, last_failure_error, not_before, worker_pid,
  max_runtime_seconds, last_heartbeat_at, current_run_id, skills, max_retries, block_kind,
  model_override, workflow_template_id, current_step_key, session_id, host`

export interface TaskRow extends Omit<Task, 'skills'> {
  readonly skills: string | null
}

export function taskOf(row: TaskRow): Task {
  return {
    ...row,
    priority: row.priority ?? 0,
    claim_lock: row.claim_lock === null ? null : publicLock(row.claim_lock),
    skills: namesIn(row.skills),
  }
}

export const runColumns = sql`id, task_id, profile, step_key, status, outcome, summary, error, metadata,
  claim_lock, claim_expires, max_runtime_seconds, last_heartbeat_at, started_at, ended_at, host,
  worker_pid, runner_pid, exit_code, exit_signal, exited_at, runtime, model, workspace,
  agent_session, usage`

export interface RunRow extends Omit<Run, 'metadata' | 'usage'> {
  readonly metadata: string | null
  readonly usage: string | null
}

export function runOf(row: RunRow): Run {
  return {
    ...row,
    claim_lock: row.claim_lock === null ? null : publicLock(row.claim_lock),
    metadata: objectIn(row.metadata),
    usage: objectIn(row.usage),
  }
}

export const eventColumns = sql`id, task_id, run_id, kind, payload, created_at`

export interface EventRow extends Omit<Event, 'payload'> {
  readonly payload: string | null
}

export function eventOf(row: EventRow): Event {
  return { ...row, payload: objectIn(row.payload) }
}

export function objectIn(json: string | null): Record<string, unknown> | null {
  const value = json === null ? null : jsonIn(json)
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Record<string, unknown>) : null
}

/** The other edition wrote a comma list in early versions. */
export function namesIn(json: string | null): string[] {
  if (json === null || json === '') return []
  const value = jsonIn(json)
  if (Array.isArray(value)) return value.filter((name) => typeof name === 'string')
  return value === undefined && !json.startsWith('[')
    ? json.split(',').map((name) => name.trim())
    : []
}
