/** The real agents, each on a real board, by the real dispatcher and runner. One at a time with `-t <runtime>`. */

import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { show } from '../../src/board/show.ts'
import { strays } from '../../src/lib/process.ts'
import { sql } from '../../src/store/sql.ts'
import { allOver, type Home, logOf } from '../e2e/home.ts'
import { install } from './install.ts'
import { programs } from './programs.ts'
import { drive } from './worker.ts'

const tools = ['show', 'complete', 'block', 'heartbeat', 'comment', 'create', 'link']

/** What the run came to, when no process of it is left. */
async function ended(home: Home, task: string) {
  await home.until(`the run of ${task} is over`, async (reader) => {
    const { runs } = await show(reader, task, 1)
    return runs.length > 0 && runs.every((run) => run.ended_at !== null)
  })
  await allOver(home)
  return home.board.store.read((reader) => show(reader, task, 100))
}

describe.each(programs)('$runtime', (program) => {
  beforeAll(async () => {
    await install(program)
  }, 600_000)

  test('takes a task from the board and completes it by our tools', async () => {
    const { home, endpoint, begin } = await drive(program, 'ok')
    const task = await begin()
    const { task: row, runs } = await ended(home, task)
    expect(row.status).toBe('done')
    expect(runs).toMatchObject([
      {
        outcome: 'completed',
        summary: 'It is done, see done.txt.',
        runtime: program.runtime,
        exit_code: 0,
        agent_session: expect.stringMatching(/./),
      },
    ])
    const [first] = endpoint.asked.filter(({ turn }) => turn.tools.some(isOurs))
    expect(first?.turn.tools.filter(isOurs)).toHaveLength(tools.length)
    expect(JSON.stringify(first?.turn.said)).toContain(`work kanban task ${task}`)
    expect(await logOf(home, task)).toContain('The task is complete.')
    await expectNoToken(home, task)
  })

  test('is reminded once, and its run breaks the protocol when it ends without a hand-off', async () => {
    const { home, endpoint, begin } = await drive(program, 'nocomplete')
    const { task, runs } = await ended(home, await begin())
    expect(task).toMatchObject({ status: 'blocked', block_kind: 'protocol' })
    expect(runs[0]?.error).toMatch(/^ended without complete or block: \w/)
    const reminders = endpoint.asked.filter(({ turn }) =>
      turn.said.some((entry) => entry.who === 'user' && entry.text.includes('Your turn has ended')),
    )
    expect(reminders.length).toBeGreaterThan(0)
  })

  test('makes up for it when it is reminded', async () => {
    const { home, begin } = await drive(program, 'forgetful')
    const { task } = await ended(home, await begin())
    expect(task.status).toBe('done')
  })

  test('meets a quota, for which nothing is counted', async () => {
    // Some say nothing of it and try for ever: those are caught by the idle clock.
    const { home, begin } = await drive(program, 'usage', {
      config: '  idle_timeout_seconds: 20\n',
    })
    const { task, runs } = await ended(home, await begin())
    if (program.quota === 'silent') {
      expect(['timed_out', 'rate_limited', 'gave_up']).toContain(runs[0]?.outcome)
      return
    }
    expect(runs).toMatchObject([{ outcome: 'rate_limited' }])
    expect(task).toMatchObject({ status: 'ready', consecutive_failures: 0 })
    expect(task.not_before).toBeGreaterThan(Date.now() / 1000)
  })

  test('is not let in by its provider, and waits for a login', async () => {
    const { home, begin } = await drive(program, '401', { config: '  idle_timeout_seconds: 60\n' })
    const { task, runs } = await ended(home, await begin())
    expect(task).toMatchObject({ status: 'blocked', block_kind: 'login', consecutive_failures: 0 })
    expect(runs[0]?.summary).toContain('is not logged in')
  })

  test('is ended with everything that it has started when its task is taken away', async () => {
    const { home, begin } = await drive(program, 'orphan')
    const task = await begin()
    const workspace = join(home.board.workspaces, task)
    await vi.waitUntil(() => existsSync(join(workspace, 'begun.txt')), { timeout: 60_000 })
    const token = await tokenOf(home, task)
    expect(strays(token).length).toBeGreaterThan(2)
    expect((await home.hermes('kanban', 'archive', task)).code).toBe(0)
    await allOver(home)
    expect(strays(token)).toEqual([])
  })

  test('is refused what its profile denies, but for the board', async () => {
    const settings = { permissions: 'deny' }
    const { home, begin } = await drive(program, 'shell', { settings })
    const task = await begin()
    const { task: row } = await ended(home, task)
    expect(row.status).toBe('done')
    expect(existsSync(join(home.board.workspaces, task, 'begun.txt'))).toBe(false)
  })
})

function isOurs(name: string): boolean {
  return tools.some((tool) => name.endsWith(`kanban_${tool}`))
}

async function tokenOf(home: Home, task: string): Promise<string> {
  const run = await home.board.store.read((reader) =>
    reader.get<{ claim_lock: string }>(
      sql`select claim_lock from task_runs where task_id = ${task} order by id desc limit 1`,
    ),
  )
  return run?.claim_lock.split(':').at(-1) ?? ''
}

/** The token of a run is 32 digits behind "Bearer": in no file of the home, whoever wrote it. */
async function expectNoToken(home: Home, task: string): Promise<void> {
  expect(await logOf(home, task)).not.toMatch(/Bearer [0-9a-f]{32}/)
  for (const entry of await readdir(home.root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const text = await readFile(join(entry.parentPath, entry.name), 'latin1').catch(() => '')
    expect(text.match(/Bearer [0-9a-f]{32}/), entry.name).toBeNull()
  }
}
