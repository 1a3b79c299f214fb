import { expect, test, vi } from 'vitest'
import { play } from './scene.ts'

test('an agent that hears nothing is not asked for longer than it has', async () => {
  const { worker, log } = await play('deaf')
  await vi.waitUntil(() => log().includes('I begin'), { timeout: 10_000 })
  let isGone = false
  void worker.exited.then(() => {
    isGone = true
  })
  await worker.stop?.()
  expect(isGone).toBe(false)
})

test('a tool at work is waited for longer, and not for ever', async () => {
  const well = await play('slow tool', { prepared: { patience: { idle: 4, tool: 30 } } })
  expect(await well.first).toEqual({ what: 'exited', code: 0 })
  const { first } = await play('tool', { prepared: { patience: { idle: 4, tool: 5 } } })
  expect(await first).toEqual({ what: 'silent', during: 'tool', seconds: 5 })
})
