/** Why a task is where it is, and the commands that move it on. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settle } from '../../src/board/settle.ts'
import { thisHost } from '../../src/dispatcher/host.ts'
import { takeLock } from '../../src/dispatcher/lock.ts'
import type { End } from '../../src/model/end.ts'
import { sql } from '../../src/store/sql.ts'
import { dispatched, take } from '../board/support.ts'
import { type Home, newHome } from './home.ts'

const policy = { limit: 5, source: 'default', delay: 120 } as const
const crash: End = { how: 'exited', pid: 1, exit: { code: 1, signal: null }, said: 'no key\nbye' }
const silence: End = { how: 'exited', pid: 1, exit: { code: 0, signal: null }, said: 'Bye.' }

function addProfile(root: string, name: string): void {
  mkdirSync(join(root, 'profiles', name), { recursive: true })
  writeFileSync(join(root, 'profiles', name, 'config.yaml'), "kanban:\n  command: ['true']\n")
}

/** A run of it that ended so. */
async function ended({ board, root }: Home, id: string, end: End): Promise<void> {
  const here = await thisHost(root)
  await board.store.write(async (tx) => {
    const fence = await take(tx, id, dispatched({ host: here, here }))
    await settle(tx, id, fence, end, policy)
  })
}

test('a task that failed and is tried again says how often, of how many, and of what', async () => {
  const home = await newHome()
  addProfile(home.root, 'writer')
  const id = await home.create('x', '--assignee', 'writer')
  const own = await home.create('y', '--assignee', 'writer', '--max-retries', '2')
  await ended(home, id, crash)
  await ended(home, own, crash)
  const said = async (task: string) => (await home.run('why', task)).out
  const why = (count: string) => `after ${count} (exit code 1: no key) it is tried again in `
  expect(await said(id)).toContain(`${id} is ready: ${why('failure 1 of 5')}`)
  expect(await said(own)).toContain(why('failure 1 of 2'))
  writeFileSync(join(home.root, 'config.yaml'), 'kanban:\n  failure_limit: 3\n')
  expect(await said(id)).toContain(why('failure 1 of 3'))
  // Another dispatcher than one with our configuration has gone on.
  await home.board.store.write((tx) =>
    tx.run(sql`update tasks set consecutive_failures = 7 where id = ${id}`),
  )
  expect(await said(id)).toContain(why('7 failures'))
})

test('a question is answered before its task goes on', async () => {
  const home = await newHome()
  const { run, board, create } = home
  const id = await create('x', '--assignee', 'writer')
  await run('block', id, 'which', 'key?')
  const next = `hermes kanban comment ${id} "…" && hermes kanban unblock ${id}`
  expect((await run('why', id)).out).toBe(
    `${id} is blocked: it was blocked by user: which key?\n→ ${next}`,
  )
  await board.store.write((tx) => tx.run(sql`update task_comments set author = 'writer'`))
  expect((await run('why', id)).out).toContain('it waits for an answer to writer: which key?')
  await run('boards', 'create', 'r')
  await run('boards', 'switch', 'r')
  expect((await run('--board', 'default', 'why', id)).out).toContain(
    next.replaceAll('kanban ', 'kanban --board default '),
  )
})

test('what went wrong is looked at and mended before its task goes on', async () => {
  const home = await newHome()
  const failed = await home.create('x', '--assignee', 'writer', '--max-retries', '1')
  const silent = await home.create('y', '--assignee', 'writer')
  await ended(home, failed, crash)
  await ended(home, silent, silence)
  const next = (id: string) =>
    `→ hermes kanban log ${id}, mend what went wrong, then hermes kanban unblock ${id}`
  expect((await home.run('why', failed)).out).toBe(
    `${failed} is blocked: it failed once: exit code 1: no key\n${next(failed)}`,
  )
  expect((await home.run('why', silent)).out).toBe(
    `${silent} is blocked: its worker ended without completing or blocking it: Bye.\n${next(silent)}`,
  )
})

test('a claim that has lapsed is said to have, and what becomes of it', async () => {
  const { root, run, create, board } = await newHome()
  const id = await create('x', '--assignee', 'lane')
  await run('claim', id)
  expect((await run('why', id)).out).toMatch(/; the claim is good for \d+ m/)
  await board.store.write((tx) => tx.run(sql`update tasks set claim_expires = ${tx.now}`))
  const { out } = await run('why', id)
  expect(out).toContain('; the claim has lapsed, but no dispatcher is running here')
  expect(out).toContain(`→ hermes kanban reclaim ${id}`)
  const dispatching = await takeLock(root, 'dispatcher')
  expect((await run('why', id)).out).toMatch(/; the claim has lapsed: the next pass takes it back$/)
  dispatching?.release()
  expect((await run('reclaim', id)).code).toBe(0)
})

test('a task that nobody here would start says whom to give it to', async () => {
  const { root, run, create } = await newHome()
  addProfile(root, 'researcher')
  const next = async (...argv: string[]) => {
    const id = await create('x', ...argv)
    return (await run('why', id)).out.split('\n').at(-1)?.replace(id, 'it')
  }
  expect(await next()).toBe('→ hermes kanban assign it <profile>')
  expect(await next('--assignee', 'reseacher')).toBe('→ hermes kanban assign it researcher')
  expect(await next('--assignee', 'ada')).toBe('→ hermes kanban assign it <profile>')
})
