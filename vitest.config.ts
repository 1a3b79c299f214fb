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
    // Browsers and dozens of processes share two cores there: what failed once is asked again before it
    // counts. At home it counts at once.
    retry: process.env.CI ? 2 : 0,
    testTimeout: mode in included ? 600_000 : 60_000,
  },
}))
