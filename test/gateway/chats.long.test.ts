/** The same claims as in the quick tests, at the size at which they are made. */

import { expect, test } from 'vitest'
import { startGateway } from './home.ts'
import { killWhileSending } from './killed.ts'
import { burst, options } from './notified.ts'
import { startTelegram } from './platforms/telegram.ts'

test('200 subscriptions and 1,000 events: each is told once, in order', async () => {
  const telegram = await startTelegram()
  await burst(telegram, await startGateway(options(telegram)), { subscriptions: 200, rounds: 4 })
  expect(telegram.sent.all).toHaveLength(1000)
})

test('a gateway that is killed twenty times while it sends loses nothing', async () => {
  await killWhileSending(20)
})
