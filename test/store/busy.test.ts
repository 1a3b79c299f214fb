import { expect, test } from 'vitest'
import { monotonic } from '../../src/lib/clock.ts'
import { untilFree } from '../../src/store/busy.ts'

const busy = new Error('busy')
const isBusy = (error: unknown) => error === busy

function busyFor(times: number): () => number {
  let attempts = 0
  return () => {
    attempts += 1
    if (attempts <= times) throw busy
    return attempts
  }
}

test('an attempt is repeated until nobody is in the way', async () => {
  const deadline = monotonic() + 10_000
  expect(await untilFree(busyFor(3), { deadline, isBusy })).toBe(4)
})

test('past the deadline there is one attempt', async () => {
  const deadline = monotonic()
  expect(await untilFree(busyFor(0), { deadline, isBusy })).toBe(1)
  expect(() => untilFree(busyFor(1), { deadline, isBusy })).toThrow(busy)
})

test('what is wrong in another way is not repeated', () => {
  const deadline = monotonic() + 10_000
  const wrong = () => {
    throw new Error('wrong')
  }
  expect(() => untilFree(wrong, { deadline, isBusy })).toThrow('wrong')
})

test('the pauses are spread by chance', async () => {
  const start = monotonic()
  const deadline = start + 10_000
  await untilFree(busyFor(5), { deadline, isBusy, random: () => 0 })
  const short = monotonic() - start
  await untilFree(busyFor(5), { deadline, isBusy, random: () => 1 })
  const long = monotonic() - start - short
  expect(long).toBeGreaterThan(40)
  expect(long).toBeGreaterThan(short)
})
