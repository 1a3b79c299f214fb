/** The built-in agent as the runtime of profiles, started by a real dispatcher. */

import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { stringify } from 'yaml'
import { sql } from '../../src/store/sql.ts'
import { allOver, type Home, logOf, makeHome } from '../e2e/home.ts'
import { modes } from '../endpoint/modes.ts'
import type { Script } from '../endpoint/scenario.ts'
import { type Endpoint, startEndpoint } from '../endpoint/server.ts'

async function begin(
  scripts: Record<string, Script>,
  config = '',
): Promise<Home & { endpoint: Endpoint }> {
  const endpoint = await startEndpoint(scripts)
  onTestFinished(() => endpoint.close())
  const providers = Object.keys(scripts).map(
    (name) => `    ${name}: {base_url: "${endpoint.url(name)}/v1"}\n`,
  )
  const home = await makeHome(`  providers:\n${providers.join('')}${config}`)
  return { ...home, endpoint }
}

async function profile({ root }: Home, name: string, settings: object): Promise<void> {
  const folder = join(root, 'profiles', name)
  await mkdir(folder, { recursive: true })
  const kanban = { runtime: 'agent', ...settings }
  await writeFile(join(folder, 'config.yaml'), stringify({ kanban }))
}

test('a question waits for its answer, and the next run goes on with it', async () => {
  const home = await begin({ ask: modes.block })
  await profile(home, 'painter', { model: 'ask/m' })
  const task = await home.create('paint it', '--assignee', 'painter', '--tenant', 'acme')
  await home.gateway()
  const asked = await home.comes(task, 'blocked')
  expect(asked.comments.map(({ body }) => body)).toEqual(['BLOCKED: In which colour?'])
  await home.hermes('kanban', 'comment', task, 'in blue')
  await home.hermes('kanban', 'unblock', task)
  await home.comes(task, 'done')
  await allOver(home)
  const { runs } = await home.comes(task, 'done')
  expect(runs).toMatchObject([
    { outcome: 'blocked', exit_code: 0, runtime: 'agent', model: 'ask/m' },
    { outcome: 'completed', exit_code: 0, usage: { input: expect.any(Number) } },
  ])
  const first = home.endpoint.asked[0]?.turn
  expect(first?.system).toContain('# You are a worker')
  expect(first?.system).toContain('# Skill kanban-worker')
  expect(first?.system).toContain(`Your folder is ${join(home.board.workspaces, task)}`)
  expect(await logOf(home, task)).toContain('→ kanban_block: In which colour?')
})

test('a quota puts the run off until the time that the provider named', async () => {
  const home = await begin({ spent: modes.usage })
  await profile(home, 'painter', { model: 'spent/m' })
  const task = await home.create('paint it', '--assignee', 'painter')
  await home.gateway()
  const run = await home.until('the run met a quota', (reader) =>
    reader.get<{ outcome: string; error: string }>(
      sql`select outcome, error from task_runs where outcome is not null`,
    ),
  )
  expect(run).toMatchObject({
    outcome: 'rate_limited',
    error: expect.stringContaining('spent has no more for now: The usage limit has been reached'),
  })
  const { task: waiting } = await home.comes(task, 'ready')
  const wait = (waiting.not_before ?? 0) - Date.now() / 1000
  expect(wait).toBeGreaterThan(3000)
  expect(waiting.consecutive_failures).toBe(0)
  await allOver(home)
})

test('a login that is refused blocks the task and says which', async () => {
  const home = await begin({
    locked: (turn) => (turn.earlier === 0 ? { trouble: 'login' } : modes.ok(turn)),
  })
  await profile(home, 'painter', { model: 'locked/m' })
  const task = await home.create('paint it', '--assignee', 'painter')
  await home.gateway()
  const { task: stuck, runs } = await home.comes(task, 'blocked')
  expect(stuck.block_kind).toBe('login')
  expect(runs[0]?.error).toContain('locked does not take a key: Incorrect API key provided')
  await home.hermes('kanban', 'unblock', task)
  await home.comes(task, 'done')
  await allOver(home)
})

test('a profile whose model cannot be used starts nothing, and says what is missing', async () => {
  const home = await begin({ ok: modes.ok })
  await profile(home, 'painter', {})
  const task = await home.create('paint it', '--assignee', 'painter')
  const { out } = await home.hermes('kanban', 'why', task)
  expect(out).toContain('no model is set: write kanban.model')
  await profile(home, 'painter', { model: 'openai/gpt', env: { OPENAI_API_KEY: '' } })
  expect((await home.hermes('kanban', 'why', task)).out).toContain('OPENAI_API_KEY is not set')
})

test('a task whose own model cannot be used fails, and its profile goes on', async () => {
  const home = await begin({ ok: modes.ok }, '  model: ok/usual\n')
  await profile(home, 'painter', {})
  const flags = ['--assignee', 'painter', '--max-retries', '1'] as const
  const odd = await home.create('paint it', ...flags, '--model', 'nobody/m', '--priority', '9')
  await home.gateway()
  const { events } = await home.comes(odd, 'blocked')
  expect(events.at(-1)?.payload).toMatchObject({
    trigger_outcome: 'spawn_failed',
    error: expect.stringContaining('nobody is no provider known here'),
  })
  await home.comes(await home.create('and that', ...flags), 'done')
  await allOver(home)
})

test('a model that is set once is that of every profile that names none', async () => {
  const home = await begin({ ok: modes.ok }, '  model: ok/usual\n')
  await profile(home, 'painter', {})
  const task = await home.create('paint it', '--assignee', 'painter')
  const other = await home.create('and that', '--assignee', 'painter', '--model', 'ok/special')
  await home.gateway()
  await home.comes(task, 'done')
  await home.comes(other, 'done')
  const models = new Set(home.endpoint.asked.map(({ turn }) => turn.model))
  expect(models).toEqual(new Set(['usual', 'special']))
  expect((await home.comes(task, 'done')).runs).toMatchObject([{ model: 'ok/usual' }])
  await allOver(home)
})

test('what a program has used up is known, though its runner is killed', async () => {
  const home = await makeHome()
  await home.profile(
    'shell',
    `printf '{"usage": {"input": 12, "output": 3, "cost": null}}' > "$HERMES_KANBAN_REPORT"
     : > told; sleep 300`,
  )
  const task = await home.create('work', '--assignee', 'shell', '--max-retries', '1')
  await home.gateway()
  await vi.waitUntil(() => existsSync(join(home.board.workspaces, task, 'told')), {
    timeout: 60_000,
  })
  const run = await home.until('the runner is known', (reader) =>
    reader.get<{ runner_pid: number }>(sql`select runner_pid from task_runs`),
  )
  process.kill(run.runner_pid, 'SIGKILL')
  const { runs } = await home.comes(task, 'blocked')
  expect(runs).toMatchObject([{ usage: { input: 12, output: 3 } }])
  await allOver(home)
})

test('any program tells what it used up, and when its quota is over, in the same way', async () => {
  const home = await makeHome()
  await home.profile(
    'shell',
    `printf '{"usage": {"input": 12, "output": 3}, "retry_at": %s}' $(($(date +%s) + 7200)) > "$HERMES_KANBAN_REPORT"
     echo 'no more for today'; exit 75`,
  )
  const task = await home.create('work', '--assignee', 'shell')
  await home.gateway()
  await home.until('the run met a quota', (reader) =>
    reader.get(sql`select 1 from task_runs where exited_at is not null`),
  )
  const { runs, task: waiting } = await home.comes(task, 'ready')
  expect(runs).toMatchObject([{ outcome: 'rate_limited', usage: { input: 12, output: 3 } }])
  expect((waiting.not_before ?? 0) - Date.now() / 1000).toBeGreaterThan(7000)
  await allOver(home)
})
