import { expect, test } from 'vitest'
import { createQueue } from '../../src/store/queue.ts'

test('a body begins when the one before it has ended', async () => {
  const queue = createQueue()
  const log: string[] = []
  async function body(name: string): Promise<void> {
    log.push(`${name} begins`)
    await null
    log.push(`${name} ends`)
  }
  await Promise.all(['a', 'b', 'c'].map((name) => queue.add(() => body(name))))
  expect(log.join(', ')).toBe('a begins, a ends, b begins, b ends, c begins, c ends')
})

test('a body that fails fails alone', async () => {
  const queue = createQueue()
  const failing = queue.add(() => Promise.reject(new Error('no')))
  const next = queue.add(async () => 'fine')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('fine')
})

test('a long queue leaves the event loop its turns', async () => {
  const queue = createQueue()
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  async function threeMilliseconds(): Promise<void> {
    const start = performance.now()
    while (performance.now() - start < 3);
  }
  await Promise.all(Array.from({ length: 100 }, () => queue.add(threeMilliseconds)))
  clearInterval(timer)
  // 300 ms of work with a turn every 10 to 13.
  expect(turns).toBeGreaterThan(15)
})

test('bodies added one by one leave the event loop its turns too', async () => {
  const queue = createQueue()
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  const start = performance.now()
  // As long as it takes on a busy machine; without turns it would be the whole five seconds.
  while (turns < 9 && performance.now() - start < 5_000) await queue.add(async () => {})
  clearInterval(timer)
  expect(turns).toBe(9)
})
