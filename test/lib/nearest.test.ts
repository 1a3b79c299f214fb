import { expect, test } from 'vitest'
import { nearest } from '../../src/lib/nearest.ts'

const verbs = ['complete', 'comment', 'create', 'move', 'list', 'ls']

test.each([
  ['mvoe', 'move'],
  ['complte', 'complete'],
  ['COMMENT', 'comment'],
  ['creat', 'create'],
  ['lsit', 'list'],
])('%j means %j', (typed, meant) => {
  expect(nearest(typed, verbs)).toBe(meant)
})

test.each(['archive', 'xyz', ''])('%j means nothing known', (typed) => {
  expect(nearest(typed, verbs)).toBeUndefined()
})

test('the closest wins, the first of equals', () => {
  expect(nearest('max_worker', ['max_workers_x', 'max_workers'])).toBe('max_workers')
  expect(nearest('ab', ['aa', 'bb'])).toBe('aa')
})
