import { expect, test } from 'vitest'
import { isCron, isZone, nextTime, zonedTime } from '../../src/lib/cron.ts'

/** The next times after `from`, as the clocks of the zone show them. */
function times(cron: string, zone: string, from: string, count: number): string[] {
  const shown: string[] = []
  let at = Date.parse(from) / 1000
  while (shown.length < count) {
    at = nextTime(cron, zone, at) ?? Number.NaN
    shown.push(zonedTime(at, zone))
  }
  return shown
}

test('a time that is skipped when clocks are put forward comes when the gap is over', () => {
  expect(times('30 2 * * *', 'Europe/Berlin', '2026-03-27T12:00:00Z', 3)).toEqual([
    '2026-03-28 02:30',
    '2026-03-29 03:00',
    '2026-03-30 02:30',
  ])
})

test('a time that comes twice when clocks are put back counts once', () => {
  expect(times('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
    '2026-10-25 02:30',
    '2026-10-26 02:30',
  ])
})

test('what comes every half hour keeps its pace when clocks are put back', () => {
  const start = Date.parse('2026-10-25T00:00:00Z') / 1000
  let at = start
  for (let nth = 1; nth <= 6; nth += 1) {
    at = nextTime('*/30 * * * *', 'Europe/Berlin', at) ?? 0
    expect(at - start).toBe(nth * 1800)
  }
})

test('the next time is always later, and the same whenever it is asked for', () => {
  const zones = ['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC']
  const crons = ['0 9 * * *', '30 2 * * *', '*/20 * * * *', '0 2,3 * * *', '59 1 * * 0']
  for (const zone of zones) {
    for (const cron of crons) {
      let at = Date.parse('2026-03-01T00:00:00Z') / 1000
      for (let nth = 0; nth < 60; nth += 1) {
        const next = nextTime(cron, zone, at) ?? 0
        expect(next, `${cron} in ${zone}`).toBeGreaterThan(at)
        expect(nextTime(cron, zone, next - 1), `${cron} in ${zone}`).toBe(next)
        at = next
      }
    }
  }
})

test.each(['0 9 * * 1-5', '@daily', '*/15 * * * *', '0 9 L * *', '0 0 29 2 *', '0 9 * * MON'])(
  '%j is a cron expression',
  (text) => expect(isCron(text)).toBe(true),
)

test.each([
  '',
  'daily',
  '@reboot',
  '61 * * * *',
  '* * * *',
  '0 0 9 * * *',
  '0 0 30 2 *',
  '2026-01-01T00:00:00',
])('%j is no cron expression that ever comes', (text) => expect(isCron(text)).toBe(false))

test('zones are those of the time zone database', () => {
  expect(['Europe/Berlin', 'UTC', 'America/New_York'].every(isZone)).toBe(true)
  expect(['Mars/Base', 'Europe/Berln', 'a b'].some(isZone)).toBe(false)
})
