import { describe, test } from 'vitest'
import { findServer } from '../../tools/postgres-server.mjs'
import { storm } from './storm.ts'

describe.skipIf(findServer() === undefined)('on PostgreSQL', () => {
  for (const seed of [1, 2, 3]) {
    test(
      `two minutes of trouble on three machines leave nothing behind (seed ${seed})`,
      {
        timeout: 600_000,
      },
      () => storm({ seed, seconds: 120, tasks: 40 }),
    )
  }
})
