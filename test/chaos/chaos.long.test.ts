import { test } from 'vitest'
import { storm } from './chaos.ts'

for (const seed of [2, 3, 4]) {
  test(`two minutes of killing leave nothing behind (seed ${seed})`, { timeout: 600_000 }, () =>
    storm({ seed, seconds: 120, tasks: 60 }),
  )
}
