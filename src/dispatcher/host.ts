import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { privateFolder, writeOnce } from '../lib/files.ts'

/** Where dispatchers and runners of this home keep what belongs to living processes alone. */
export function runFolder(root: string): string {
  return join(root, 'kanban', 'run')
}

/** `<hostname>+<id of this installation>`: whose processes can be seen from here. */
export async function thisHost(root: string): Promise<string> {
  const folder = runFolder(root)
  await privateFolder(folder)
  const path = join(folder, 'installation')
  await writeOnce(path, `${randomBytes(4).toString('hex')}\n`)
  return `${hostname()}+${(await readFile(path, 'utf8')).trim()}`
}
