import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { privateFolder, writePrivate } from '../lib/files.ts'
import { quote } from '../lib/shell.ts'

/**
 * The folder that comes first on a worker's PATH: `hermes` and `hermes-kanban` of this very
 * installation, whatever else the machine has. `program` is how it is started: a Node and a main file.
 */
export async function workerBin(root: string, program: readonly string[]): Promise<string> {
  const folder = join(root, 'kanban', 'run', 'bin')
  await privateFolder(folder)
  const command = program.map(quote).join(' ')
  await keepScript(join(folder, 'hermes'), `#!/bin/sh\nexec ${command} "$@"\n`)
  await keepScript(join(folder, 'hermes-kanban'), `#!/bin/sh\nexec ${command} kanban "$@"\n`)
  return folder
}

/** Untouched when it is right: a worker may be reading it. */
async function keepScript(path: string, script: string): Promise<void> {
  const found = await readFile(path, 'utf8').catch(() => undefined)
  if (found !== script) await writePrivate(path, script, 0o700)
}
