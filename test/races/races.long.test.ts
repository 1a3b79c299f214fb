import { test } from 'vitest'
import { withSchema } from '../board/support.ts'
import { forEachStore } from '../support/stores.ts'
import { crew } from './crew.ts'
import { struggle } from './races.ts'

forEachStore((open) => {
  const race = crew(11)

  test('ten processes and an overseer finish five hundred tasks', {
    timeout: 600_000,
  }, async () => {
    const store = await withSchema(await open())
    await struggle(store, race, { tasks: 500, workers: 10 })
  })
})
