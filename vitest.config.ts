import { configDefaults, defineConfig } from 'vitest/config'

const LONG = '**/*.long.test.ts'

export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'long' ? [`test/${LONG}`] : ['test/**/*.test.ts'],
    exclude: mode === 'long' ? configDefaults.exclude : [...configDefaults.exclude, LONG],
    globalSetup: 'test/support/global-setup.ts',
    testTimeout: mode === 'long' ? 600_000 : 60_000,
  },
}))
