import { expect, test } from 'vitest'
import { watchHealth } from '../../src/dispatcher/health.ts'

const minute = 60_000

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
    health.passed(['t_1', 't_2', 't_3'])
    wait(minute)
  }
  expect(told).toHaveLength(3)
  expect(told[0]).toMatch(/^nothing has started for 3 m: t_1 and 2 more could; see `hermes kanban/)
  expect(told[1]).toContain('for 8 m')
})

test('one good start is enough, and is told to whoever was warned', () => {
  const { health, told, wait } = watched()
  health.passed(['t_1'])
  wait(3 * minute)
  health.passed(['t_1'])
  health.launched(true)
  health.passed(['t_2'])
  wait(2 * minute)
  health.passed(['t_2'])
  expect(told).toEqual([expect.stringContaining('t_1'), null])
})

test('nothing is said while nothing could start', () => {
  const { health, told, wait } = watched()
  health.passed(['t_1'])
  wait(minute)
  health.passed([])
  wait(5 * minute)
  health.passed(['t_2'])
  expect(told).toEqual([])
})

test('delays after failed starts do not hide that nothing starts', () => {
  const { health, told, wait } = watched()
  health.passed(['t_1'])
  health.launched(false)
  wait(2 * minute)
  health.passed([])
  wait(2 * minute)
  health.passed(['t_1'])
  expect(told).toEqual([expect.stringContaining('nothing has started for 4 m')])
})

test('passes that fail are said as well', () => {
  const { health, told, wait } = watched()
  health.failed('the disk is full')
  wait(3 * minute)
  health.failed('the disk is full')
  expect(told).toEqual([expect.stringContaining('every pass fails (the disk is full)')])
})
