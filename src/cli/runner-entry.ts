/** The runner as one file, for an installed program: node runner.js <folder>. */

import { runRunner } from '../runner/main.ts'

const [, , folder = ''] = process.argv

try {
  await runRunner(folder, process)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
}
