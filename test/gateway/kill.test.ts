import { test } from 'vitest'
import { killWhileSending } from './killed.ts'

test('a gateway that is killed between send and cursor repeats at most that, and loses nothing', async () => {
  await killWhileSending(2)
})
