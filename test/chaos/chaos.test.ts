import { test } from 'vitest'
import { storm } from './chaos.ts'

test(
  'whatever is killed, everything ends once and leaves nothing behind',
  {
    timeout: 360_000,
  },
  () => storm({ seed: Number(process.env.CHAOS_SEED ?? 1), seconds: 20, tasks: 24 }),
)
