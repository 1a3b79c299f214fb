import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { privateFolder, writeOnce } from '../lib/files.ts'
import { randomHex } from '../lib/random.ts'

/** Where dispatchers and runners of this home keep what belongs to living processes alone. */
export function runFolder(root: string): string {
  return join(root, 'kanban', 'run')
}

/** `<name>+<id of this installation>`: whose processes can be seen from here. The name is that of the machine unless it is given another. */
export async function thisHost(root: string, name: string | null = null): Promise<string> {
  return `${name ?? hostname()}+${await installation(root)}`
}

async function installation(root: string): Promise<string> {
  const folder = runFolder(root)
  const path = join(folder, 'installation')
  const known = await readFile(path, 'utf8').catch(() => '')
  if (known.trim() !== '') return known.trim()
  await privateFolder(folder)
  await writeOnce(path, `${randomHex(4)}\n`)
  return (await readFile(path, 'utf8')).trim()
}

/** The name of the machine alone, as tasks ask for it. */
export function machineOf(host: string): string {
  return host.replace(/\+[^+]*$/, '').toLowerCase()
}
