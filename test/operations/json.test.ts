/** What scripts may rely on: with --json a verb prints one JSON value and nothing else, with these keys. */

import { expect, test } from 'vitest'
import { commands } from '../../src/operations/command/find.ts'
import { grammarOf } from '../../src/operations/command/grammar.ts'
import { sql } from '../../src/store/sql.ts'
import { newHome } from './home.ts'

/** Keys may be added, never taken away. */
const task = [
  ...['id', 'title', 'body', 'assignee', 'status', 'priority', 'created_by', 'created_at'],
  ...['started_at', 'completed_at', 'workspace_kind', 'workspace_path', 'branch_name'],
  ...['claim_lock', 'claim_expires', 'tenant', 'result', 'idempotency_key'],
  ...['consecutive_failures', 'last_failure_error', 'not_before', 'worker_pid'],
  ...['max_runtime_seconds', 'last_heartbeat_at', 'current_run_id', 'skills', 'max_retries'],
  ...['block_kind', 'model_override', 'workflow_template_id', 'current_step_key', 'session_id'],
]
const run = [
  ...['id', 'profile', 'step_key', 'status', 'outcome', 'summary', 'error', 'metadata'],
  ...['worker_pid', 'exit_code', 'exit_signal', 'started_at', 'ended_at'],
]
const event = ['id', 'task_id', 'run_id', 'kind', 'payload', 'created_at']
const neighbour = ['id', 'title', 'status', 'assignee']

test('what is printed as JSON has the keys that scripts rely on', async () => {
  const { json, create, run: command } = await newHome()
  const parent = await create('parent')
  const id = await create('x', '--assignee', 'writer', '--parent', parent, '--skill', 'a')
  const child = await create('child', '--parent', id)
  await command('comment', id, 'hello')
  await command('complete', parent)
  await command('claim', id)
  await command('complete', id, '--summary', 'see t_0badcafe', '--metadata', '{"files": 3}')
  await command('notify-subscribe', child, '--platform', 'slack', '--chat-id', '7')

  has(await json('create', 'y'), task)
  has((await json('list', '--archived'))[0], task)
  const shown = await json('show', id)
  has(shown, [
    ...['task', 'parents', 'children', 'comments', 'events', 'runs', 'latest_summary', 'warnings'],
  ])
  has(shown.task, task)
  has(shown.parents[0], neighbour)
  has(shown.children[0], neighbour)
  has(shown.comments[0], ['id', 'task_id', 'author', 'body', 'created_at'])
  has(shown.events[0], event)
  has(shown.runs[0], run)
  has(shown.warnings[0], event)
  expect(shown.task.skills).toEqual(['a'])
  expect(shown.runs[0].metadata).toEqual({ files: 3 })
  has((await json('runs', id))[0], run)
  has(await json('why', id), ['task_id', 'status', 'why'])
  has(await json('context', id), ['task_id', 'worker_context'])
  has(await json('log', id), ['task_id', 'text'])
  has(await json('stats'), ['by_status', 'by_assignee', 'oldest_ready_age_seconds', 'now'])
  has((await json('assignees'))[0], ['name', 'on_disk', 'counts'])
  has((await json('notify-list'))[0], [
    ...['task_id', 'platform', 'chat_id', 'thread_id', 'user_id', 'created_at', 'last_event_id'],
  ])
  const facts = ['slug', 'name', 'description', 'icon', 'color', 'created_at', 'archived']
  has((await json('boards', 'list'))[0], [...facts, 'default_workdir', 'current', 'by_status'])
  has(await json('boards', 'show'), [...facts, 'default_workdir', 'database'])
  has(await json('dispatch', '--dry-run'), [
    ...['reclaimed', 'crashed', 'timed_out', 'auto_blocked', 'promoted', 'spawned'],
    ...['skipped_unassigned', 'skipped_nonspawnable', 'skipped_capped'],
  ])
})

test('every verb that reads, and create, can be asked for JSON', async () => {
  for (const operation of await commands()) {
    // An export is itself for programs.
    if (operation.name === 'export') continue
    if (operation.effect !== 'read' && operation.name !== 'create') continue
    const { flags } = grammarOf(operation)
    expect(
      flags.map(({ long }) => long),
      operation.name,
    ).toContain('--json')
  }
})

test('a token of a claim is in no JSON', async () => {
  const { json, create, run: command, board } = await newHome()
  const id = await create('x')
  await command('claim', id)
  const { claim_lock: lock } = (
    await board.store.read((reader) =>
      reader.all<{ claim_lock: string }>(sql`select claim_lock from tasks`),
    )
  )[0] ?? { claim_lock: '' }
  const secret = lock.split(':').at(-1) ?? ''
  expect(secret).toMatch(/^[0-9a-f]{32}$/)
  for (const argv of [['list'], ['show', id], ['runs', id], ['why', id], ['context', id]]) {
    expect(JSON.stringify(await json(...argv)), argv.join(' ')).not.toContain(secret)
  }
})

function has(value: unknown, keys: readonly string[]): void {
  expect(Object.keys(value ?? {})).toEqual(expect.arrayContaining([...keys]))
}
