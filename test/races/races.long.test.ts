import { test } from 'vitest'
import { forEachBoard } from '../board/support.ts'
import { crew } from './crew.ts'
import { struggle } from './races.ts'

forEachBoard((open) => {
  const race = crew(11)

  test('ten processes and an overseer finish five hundred tasks', {
    timeout: 600_000,
  }, async () => {
    const store = await open()
    await struggle(store, race, { tasks: 500, workers: 10 })
  })
})
