import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { privateFolder, writePrivate } from '../lib/files.ts'
import { quote } from '../lib/shell.ts'

/**
 * The folder that comes first on a worker's PATH: `hermes` and `hermes-kanban` of this very
 * installation, whatever else the machine has. `program` is how it is started: a Node and a main file.
 * For an agent that is itself called `hermes`, and starts itself by that name, only the other one.
 */
export async function workerBin(
  root: string,
  program: readonly string[],
  isHermes = false,
): Promise<string> {
  const folder = join(root, 'kanban', 'run', isHermes ? 'bin-beside-hermes' : 'bin')
  await privateFolder(folder)
  const command = program.map(quote).join(' ')
  if (!isHermes) await keepScript(join(folder, 'hermes'), `#!/bin/sh\nexec ${command} "$@"\n`)
  await keepScript(join(folder, 'hermes-kanban'), `#!/bin/sh\nexec ${command} kanban "$@"\n`)
  return folder
}

/** Untouched when it is right: a worker may be reading it. */
async function keepScript(path: string, script: string): Promise<void> {
  const found = await readFile(path, 'utf8').catch(() => undefined)
  if (found !== script) await writePrivate(path, script, 0o700)
}
