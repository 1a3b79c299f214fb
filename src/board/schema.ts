/**
 * The tables of a board. Shared with Hermes Agent: names, types and meaning of what it knows are
 * fixed, and none of these tables carries a constraint of ours that its rows could break.
 */

import type { Column, Schema } from '../store/schema.ts'
import { doubtful } from './doubtful.ts'

const text = (name: string): Column => ({ name, type: 'text' })
const integer = (name: string): Column => ({ name, type: 'integer' })
const required = (column: Column): Column => ({ ...column, notNull: true })
const or = (column: Column, value: string | number): Column => ({ ...column, default: value })

export const schema: Schema = {
  tables: [
    {
      name: 'tasks',
      primaryKey: ['id'],
      columns: [
        required(text('id')),
        required(text('title')),
        text('body'),
        text('assignee'),
        required(text('status')),
        or(integer('priority'), 0),
        text('created_by'),
        required(integer('created_at')),
        integer('started_at'),
        integer('completed_at'),
        or(required(text('workspace_kind')), 'scratch'),
        text('workspace_path'),
        text('claim_lock'),
        integer('claim_expires'),
        text('tenant'),
        text('result'),
        text('idempotency_key'),
        or(required(integer('consecutive_failures')), 0),
        text('last_failure_error'),
        integer('not_before'),
        integer('worker_pid'),
        integer('max_runtime_seconds'),
        integer('last_heartbeat_at'),
        integer('current_run_id'),
        text('workflow_template_id'),
        text('current_step_key'),
        text('skills'),
        integer('max_retries'),
        text('block_kind'),
        text('branch_name'),
        text('model_override'),
        text('session_id'),
        text('host'),
      ],
    },
    {
      name: 'task_links',
      primaryKey: ['parent_id', 'child_id'],
      columns: [required(text('parent_id')), required(text('child_id'))],
    },
    {
      name: 'task_comments',
      primaryKey: 'autoincrement',
      columns: [
        integer('id'),
        required(text('task_id')),
        required(text('author')),
        required(text('body')),
        required(integer('created_at')),
      ],
    },
    {
      name: 'task_events',
      primaryKey: 'autoincrement',
      columns: [
        integer('id'),
        required(text('task_id')),
        integer('run_id'),
        required(text('kind')),
        text('payload'),
        required(integer('created_at')),
      ],
    },
    {
      name: 'task_runs',
      primaryKey: 'autoincrement',
      columns: [
        integer('id'),
        required(text('task_id')),
        text('profile'),
        text('step_key'),
        required(text('status')),
        text('claim_lock'),
        integer('claim_expires'),
        integer('worker_pid'),
        integer('max_runtime_seconds'),
        integer('last_heartbeat_at'),
        required(integer('started_at')),
        integer('ended_at'),
        text('outcome'),
        text('summary'),
        text('metadata'),
        text('error'),
        text('host'),
        integer('runner_pid'),
        text('runner_start'),
        text('process_start'),
        integer('exit_code'),
        text('exit_signal'),
        integer('exited_at'),
        text('runtime'),
        text('model'),
        text('agent_session'),
        text('usage'),
        text('workspace'),
        text('origin'),
      ],
    },
    {
      name: 'kanban_notify_subs',
      primaryKey: ['task_id', 'platform', 'chat_id', 'thread_id'],
      columns: [
        required(text('task_id')),
        required(text('platform')),
        required(text('chat_id')),
        or(required(text('thread_id')), ''),
        text('user_id'),
        required(integer('created_at')),
        or(required(integer('last_event_id')), 0),
        text('notifier_profile'),
        or(integer('send_failures'), 0),
        text('owner'),
        integer('owner_until'),
      ],
    },
    {
      name: 'kanban_holds',
      primaryKey: ['scope', 'key'],
      columns: [
        required(text('scope')),
        required(text('key')),
        integer('until'),
        required(text('reason')),
        required(text('by')),
      ],
    },
    {
      name: 'kanban_facts',
      primaryKey: ['name'],
      columns: [required(text('name')), required(text('value'))],
    },
    {
      name: 'kanban_recurring',
      primaryKey: ['name'],
      columns: [required(text('name')), required(integer('next_at'))],
    },
  ],
  indexes: [
    // Full, not partial: it keeps serving the dispatcher on a file that carries the other edition's
    // indexes as well. The assignee at its end lets skipped tasks be counted without touching a row.
    {
      name: 'hk_tasks_dispatch',
      table: 'tasks',
      columns: ['status', 'priority desc', 'created_at', 'id', 'assignee'],
    },
    { name: 'hk_tasks_assignee', table: 'tasks', columns: ['assignee', 'status'] },
    {
      name: 'hk_tasks_key',
      table: 'tasks',
      columns: ['idempotency_key'],
      where: 'idempotency_key is not null',
    },
    {
      name: 'hk_tasks_tenant',
      table: 'tasks',
      columns: ['tenant', 'status'],
      where: 'tenant is not null',
    },
    { name: 'hk_links_child', table: 'task_links', columns: ['child_id', 'parent_id'] },
    { name: 'hk_comments_task', table: 'task_comments', columns: ['task_id'] },
    { name: 'hk_events_task', table: 'task_events', columns: ['task_id'] },
    // Both kinds are rare: it costs a write nothing, and a board of 60,000 events 10 ms less to look at.
    {
      name: 'hk_events_warnings',
      table: 'task_events',
      columns: ['task_id'],
      where: `kind in (${doubtful.map((kind) => `'${kind}'`).join(', ')})`,
    },
    { name: 'hk_runs_task', table: 'task_runs', columns: ['task_id'] },
    {
      name: 'hk_runs_open',
      table: 'task_runs',
      columns: ['task_id'],
      where: 'ended_at is null',
    },
    {
      name: 'hk_runs_process',
      table: 'task_runs',
      columns: ['task_id'],
      where: 'runner_pid is not null and exited_at is null',
    },
    {
      name: 'hk_runs_profile',
      table: 'task_runs',
      columns: ['profile', 'ended_at'],
      where: "outcome = 'completed'",
    },
  ],
}
