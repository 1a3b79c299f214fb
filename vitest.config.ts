import { configDefaults, defineConfig } from 'vitest/config'

const LONG = '**/*.long.test.ts'
/** Those that install and drive the real agents. */
const AGENTS = '**/*.agents.test.ts'

const included: Readonly<Record<string, string>> = { long: LONG, agents: AGENTS }

export default defineConfig(({ mode }) => ({
  test: {
    include: [`test/${included[mode] ?? '**/*.test.ts'}`],
    exclude: mode in included ? configDefaults.exclude : [...configDefaults.exclude, LONG, AGENTS],
    globalSetup: 'test/support/global-setup.ts',
    testTimeout: mode in included ? 600_000 : 60_000,
  },
}))
