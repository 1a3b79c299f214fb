import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { start } from '../../src/board/start.ts'
import { type Startable, watchHealth } from '../../src/dispatcher/health.ts'
import { dispatched, make, take } from '../board/support.ts'
import { here, newDispatcher } from './support.ts'

const minute = 60_000

const [one, two, three] = ['t_1', 't_2', 't_3'].map((id) => ({ board: 'default', id })) as [
  Startable,
  Startable,
  Startable,
]

function watched() {
  let time = 0
  const told: (string | null)[] = []
  const health = watchHealth({ now: () => time, tell: (warning) => told.push(warning) })
  return {
    health,
    told,
    wait(ms: number) {
      time += ms
    },
  }
}

test('work that could start and does not is said after three minutes, and again every five', () => {
  const { health, told, wait } = watched()
  for (let passed = 0; passed < 14; passed += 1) {
    health.passed([one, two, three], 0)
    wait(minute)
  }
  expect(told).toHaveLength(3)
  expect(told[0]).toMatch(/^nothing has started for 3 m: t_1 and 2 more could; see `hermes kanban/)
  expect(told[1]).toContain('for 8 m')
})

test('one good start is enough, and is told to whoever was warned', () => {
  const { health, told, wait } = watched()
  health.passed([one], 0)
  wait(3 * minute)
  health.passed([one], 0)
  health.launched(true)
  health.passed([two], 0)
  wait(2 * minute)
  health.passed([two], 0)
  expect(told).toEqual([expect.stringContaining('t_1'), null])
})

test('nothing is said while nothing could start', () => {
  const { health, told, wait } = watched()
  health.passed([one], 0)
  wait(minute)
  health.passed([], 0)
  wait(5 * minute)
  health.passed([two], 0)
  expect(told).toEqual([])
})

test('delays after failed starts do not hide that nothing starts', () => {
  const { health, told, wait } = watched()
  health.passed([one], 0)
  health.launched(false)
  wait(2 * minute)
  health.passed([], 1)
  wait(2 * minute)
  health.passed([one], 0)
  expect(told).toEqual([expect.stringContaining('nothing has started for 4 m')])
})

test('starts that failed are forgotten when nothing of it is left', () => {
  const { health, told, wait } = watched()
  health.passed([one], 0)
  health.launched(false)
  health.passed([], 0)
  wait(60 * minute)
  health.passed([two], 0)
  expect(told).toEqual([])
})

test('a warning does not outlast what it was about because something else is held', () => {
  const { health, told, wait } = watched()
  for (const ms of [0, 4 * minute]) {
    wait(ms)
    health.passed([one], 1)
    health.launched(false)
  }
  wait(5 * minute)
  health.passed([], 1)
  expect(told).toEqual([expect.stringContaining('t_1')])
  wait(2 * minute)
  health.passed([], 1)
  expect(told).toEqual([expect.stringContaining('t_1'), null])
})

test('what is to be looked at is named with its board', () => {
  const { health, told, wait } = watched()
  const there = { board: 'side', id: 't_1' }
  health.passed([there], 0)
  wait(3 * minute)
  health.passed([there], 0)
  expect(told).toEqual([expect.stringContaining('`hermes kanban --board side show t_1`')])
})

test('passes that fail are said as well', () => {
  const { health, told, wait } = watched()
  health.failed('the disk is full')
  wait(3 * minute)
  health.failed('the disk is full')
  expect(told).toEqual([expect.stringContaining('every pass fails (the disk is full)')])
})

test('holds after starts that failed do not hide that nothing starts, until a worker has', async () => {
  let time = 0
  const told: (string | null)[] = []
  const { root, board, clock, dispatcher } = await newDispatcher(
    '',
    { any: '' },
    { monotonic: () => time, onHealth: (warning) => told.push(warning) },
  )
  const id = await board.store.write((tx) => make(tx, { assignee: 'any' }))
  // No runner can be started, which holds the board for a minute each time.
  mkdirSync(join(root, 'kanban'), { recursive: true })
  writeFileSync(join(root, 'kanban', 'run'), 'a file in its place')
  for (let passed = 0; passed < 16; passed += 1) {
    await dispatcher.pass()
    clock.pass(15)
    time += minute / 4
  }
  expect(told).toEqual([expect.stringContaining('nothing has started for 3 m')])
  clock.pass(60)
  const worker = { pid: 7, start: 'boot:7', workspace: '/' }
  await board.store.write(async (tx) => {
    await start(tx, id, await take(tx, id, dispatched({ host: here })), worker)
  })
  await dispatcher.pass()
  expect(told.at(-1)).toBeNull()
})
