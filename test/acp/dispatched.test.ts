/** Agents of a runtime of one's own, started by a real dispatcher and watched over by real runners. */

import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { strays } from '../../src/lib/process.ts'
import { sql } from '../../src/store/sql.ts'
import type { Reader } from '../../src/store/store.ts'
import { allOver, type Home, logOf, makeHome } from '../e2e/home.ts'

const program = fileURLToPath(new URL('./agent-program.ts', import.meta.url))

const command = JSON.stringify([process.execPath, program, '{profile}'])

const config = `  runtimes:
    scene: { driver: acp, command: ${command}, login: [Authentication required] }
`

/** A home whose profiles are scenes. */
async function stage(scenes: Readonly<Record<string, object>>, more = ''): Promise<Home> {
  const home = await makeHome(config + more)
  for (const [name, settings] of Object.entries(scenes)) {
    const folder = join(home.root, 'profiles', name)
    await mkdir(folder, { recursive: true })
    const kanban = { runtime: 'scene', ...settings }
    await writeFile(join(folder, 'config.yaml'), JSON.stringify({ kanban }))
  }
  return home
}

function holdsIn(reader: Reader): Promise<{ scope: string; key: string; reason: string }[]> {
  return reader.all(sql`select scope, key, reason from kanban_holds order by scope, key`)
}

test('what agents do and say decides about their tasks', async () => {
  const home = await stage({
    ok: {},
    question: {},
    unfinished: {},
    'quota-with-a-time': { account: 'shared' },
    modes: { model: 'huge' },
    error: {},
  })
  const ids = {
    ok: await home.create('a', '--assignee', 'ok'),
    question: await home.create('b', '--assignee', 'question'),
    unfinished: await home.create('c', '--assignee', 'unfinished'),
    quota: await home.create('d', '--assignee', 'quota-with-a-time'),
    model: await home.create('e', '--assignee', 'modes'),
    error: await home.create('f', '--assignee', 'error', '--max-retries', '1'),
  }
  await home.gateway()

  const asked = await home.comes(ids.question, 'blocked')
  expect(asked).toMatchObject({
    task: { block_kind: 'needs_input' },
    comments: [{ author: 'question', body: expect.stringContaining('Which colour? (red / blue)') }],
  })

  expect(await home.comes(ids.unfinished, 'blocked')).toMatchObject({
    task: { block_kind: 'protocol' },
    runs: [{ error: 'ended without complete or block: I am done, for the 2. time.' }],
  })

  const failed = await home.comes(ids.error, 'blocked')
  expect(failed.events.at(-1)?.payload).toMatchObject({
    trigger_outcome: 'crashed',
    error: 'its agent gave up: Internal error: the cat is on the keyboard (error -32603)',
  })

  await home.until('the quota was met', async (reader) => {
    const holds = await holdsIn(reader)
    return holds.some(({ scope, key }) => scope === 'account' && key === 'shared')
  })
  const quota = await home.comes(ids.quota, 'ready')
  expect(quota.runs).toMatchObject([{ outcome: 'rate_limited' }])
  expect(quota.task.consecutive_failures).toBe(0)
  expect(quota.task.not_before).toBeGreaterThan(Date.now() / 1000 + 7000)

  await home.until('the profile is held', async (reader) => {
    const holds = await holdsIn(reader)
    return holds.some(({ reason }) => reason.includes('it has no model huge: use one of small'))
  })
  expect((await home.comes(ids.model, 'ready')).task.consecutive_failures).toBe(0)
  await allOver(home)

  const done = await home.comes(ids.ok, 'done')
  expect(done.runs).toMatchObject([
    { outcome: 'completed', runtime: 'scene', agent_session: 'session-1', usage: { input: 100 } },
  ])
  expect(await logOf(home, ids.ok)).toContain('I look at it.')
})

test('a missing login blocks the task, holds its profile, and is over when somebody says so', async () => {
  const home = await stage({ 'no-login': {} })
  const first = await home.create('a', '--assignee', 'no-login')
  await home.gateway()
  const shown = await home.comes(first, 'blocked')
  expect(shown.task).toMatchObject({ block_kind: 'login', consecutive_failures: 0 })
  expect(shown.runs[0]?.summary).toMatch(/^scene is not logged in \(Authentication required\): /)
  expect((await home.hermes('kanban', 'why', first)).out).toContain('a login is missing')
  const second = await home.create('b', '--assignee', 'no-login')
  expect((await home.hermes('kanban', 'why', second)).out).toContain('scene is not logged in')
  await allOver(home)
  expect((await home.hermes('kanban', 'unblock', first)).code).toBe(0)
  await home.until('it is tried again', async (reader) => {
    const row = await reader.get<{ runs: number }>(
      sql`select count(*) as runs from task_runs where profile = 'no-login'`,
    )
    return Number(row?.runs) > 1
  })
  await home.comes(first, 'blocked')
  await allOver(home)
})

test('an agent at work is seen to be alive, though it says nothing to the board', async () => {
  const home = await stage({ tool: {} }, '  claim_ttl_seconds: 6\n')
  const task = await home.create('a', '--assignee', 'tool')
  await home.gateway()
  await home.until('it was heard', (reader) =>
    reader.get(sql`
      select 1 from tasks join task_runs on task_runs.id = tasks.current_run_id
      where tasks.id = ${task} and tasks.last_heartbeat_at = task_runs.last_heartbeat_at`),
  )
  const { events } = await home.comes(task, 'running')
  expect(events.filter(({ kind }) => kind === 'heartbeat')).toHaveLength(1)
  await home.hermes('kanban', 'archive', task)
  await allOver(home)
})

test('an agent whose task is taken away goes with everything that it has started', async () => {
  const home = await stage({ shells: {} })
  const task = await home.create('a', '--assignee', 'shells')
  await home.gateway()
  const begun = join(home.board.workspaces, task, 'begun.txt')
  await vi.waitUntil(() => existsSync(begun), { timeout: 60_000 })
  const run = await home.board.store.read((reader) =>
    reader.get<{ claim_lock: string }>(sql`select claim_lock from task_runs`),
  )
  const token = run?.claim_lock.split(':').at(-1) ?? ''
  expect(strays(token).length).toBeGreaterThan(2)
  expect((await home.hermes('kanban', 'archive', task)).code).toBe(0)
  await allOver(home)
  expect(strays(token)).toEqual([])
})
