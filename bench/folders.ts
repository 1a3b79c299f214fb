/** Throw-away folders, gone when the program is, on Ctrl-C too. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const made: string[] = []
const memory = '/dev/shm'

process.once('exit', (code) => {
  // What was cut short has processes that still write while they end, a synced file or two.
  if (code !== 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
  for (const folder of made) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/** On the disk where temporary files are. */
export function diskFolder(): string {
  return folderIn(tmpdir())
}

/** Where a sync costs nothing, as far as the machine has such a place. */
export function memoryFolder(): string {
  return folderIn(existsSync(memory) ? memory : tmpdir())
}

function folderIn(parent: string): string {
  const folder = mkdtempSync(join(parent, 'hermes-bench-'))
  made.push(folder)
  return folder
}
