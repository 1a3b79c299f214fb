/** The runner as one file, for an installed program: node runner.cjs <folder>. */

import { runRunner } from '../runner/main.ts'

const [, , folder = ''] = process.argv

void runRunner(folder, process).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
})
