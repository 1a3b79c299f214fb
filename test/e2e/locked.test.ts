/** A board that another program holds, or that is broken, keeps nobody from the others. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Home, makeHome } from './home.ts'

const completes = 'hermes kanban complete "$HERMES_KANBAN_TASK" --summary done'

/** Only what wakes the dispatcher early can wake it within a test. */
const patient = '  dispatch_interval_seconds: 600\n'

/** A program that has the turn to write on this database, until it is killed. */
async function holder(database: string): Promise<ChildProcess> {
  const script = `
    const { DatabaseSync } = require('node:sqlite')
    const held = new DatabaseSync(${JSON.stringify(database)})
    held.exec('begin immediate')
    console.log('held')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

async function taskOn(home: Home, slug: string, ...flags: string[]): Promise<string> {
  const { out } = await home.hermes('kanban', '--board', slug, 'create', 'x', ...flags, '--json')
  return JSON.parse(out).id
}

test('a board that is locked keeps nobody from the others, and has its turn when it is free', {
  timeout: 25_000,
}, async () => {
  const home = await makeHome(patient)
  await home.profile('one', completes)
  await home.hermes('kanban', 'boards', 'create', 'side')
  const database = join(home.root, 'kanban', 'boards', 'side', 'kanban.db')
  const urgent = await taskOn(home, 'side', '--assignee', 'one', '--priority', '9')
  const other = await holder(database)
  const task = await home.create('mine', '--assignee', 'one')
  const gateway = await home.gateway()
  await home.comes(task, 'done')
  expect(gateway.log().match(/is locked by another program/g)).toHaveLength(1)
  const byHand = JSON.parse((await home.hermes('kanban', 'dispatch', '--json')).out)
  expect(byHand.faults).toEqual([expect.stringContaining(`${database} is locked`)])
  // Nothing is committed by it, so nothing rings.
  other.kill('SIGKILL')
  let shown = ''
  while (!shown.includes('"done"')) {
    shown = (await home.hermes('kanban', '--board', 'side', 'show', urgent, '--json')).out
  }
})

test('a board that is damaged is said once, and the others go on', async () => {
  const home = await makeHome(patient)
  await home.profile('one', completes)
  await home.hermes('kanban', 'boards', 'create', 'bad')
  await writeFile(join(home.root, 'kanban', 'boards', 'bad', 'kanban.db'), 'no database at all')
  const gateway = await home.gateway()
  const task = await home.create('mine', '--assignee', 'one')
  await home.comes(task, 'done')
  expect(gateway.log().match(/is damaged or not a SQLite database/g)).toHaveLength(1)
  expect((await home.hermes('kanban', 'why', task)).out).toContain('is done: nothing is left to do')
  const { out, code } = await home.hermes('gateway', 'status')
  expect(code).toBe(0)
  expect(out).toContain('Warning: ')
  const { out: report } = await home.hermes('kanban', 'dispatch')
  expect(report).toMatch(/^Left out: {5}.*damaged/m)
})
