import { expect, test } from 'vitest'
import { formatDuration, parseDuration } from '../../src/lib/duration.ts'

test.each([
  ['90', 90],
  ['90s', 90],
  ['30m', 1800],
  ['2h', 7200],
  ['1d', 86_400],
  ['1.5h', 5400],
  ['.5m', 30],
  [' 2 H ', 7200],
  ['0', 0],
])('%j is %d seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds)
})

test.each(['', ' ', '-1', '-1h', '1w', 'h', '1h30m', '1e3', '0x10', 'NaN', '1.', '9'.repeat(400)])(
  '%j is no duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined()
  },
)

test.each([
  [0, '0 s'],
  [0.9, '0 s'],
  [45, '45 s'],
  [60, '1 m'],
  [200, '3 m 20 s'],
  [3600, '1 h'],
  [7500, '2 h 5 m'],
  [7259, '2 h'],
  [86_399, '23 h 59 m'],
  [4 * 86_400 + 2 * 3600 + 59, '4 d 2 h'],
  [-5, '0 s'],
  [Number.NaN, '0 s'],
])('%d seconds are said as %j', (seconds, said) => {
  expect(formatDuration(seconds)).toBe(said)
})
