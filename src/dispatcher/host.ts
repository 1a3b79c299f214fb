import { readFileSync, readlinkSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { privateFolder, writeOnce, writePrivate } from '../lib/files.ts'
import { bootId } from '../lib/process.ts'
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
  const [known] = await linesOf(root)
  if (known !== undefined) return known
  await privateFolder(runFolder(root))
  await writeOnce(pathIn(root), `${[randomHex(4), ...thisMachine()].join('\n')}\n`)
  return (await linesOf(root))[0] ?? ''
}

/**
 * Before the runs of an installation are judged on boards that several machines use: a home that was copied to
 * another machine must not take the processes of the first one for its own dead ones. It becomes an
 * installation of its own, and what ran under the earlier id ends with its leases. True when that was done.
 */
export async function becomeOwn(root: string): Promise<boolean> {
  const id = await installation(root)
  const [, kernel, machine] = await linesOf(root)
  const [ownKernel, ownMachine] = thisMachine()
  const isOurs = kernel === undefined || kernel === ownKernel || machine === ownMachine
  if (isOurs && kernel === ownKernel && machine === ownMachine) return false
  const lines = [isOurs ? id : randomHex(4), ownKernel, ownMachine]
  await writePrivate(pathIn(root), `${lines.join('\n')}\n`)
  return !isOurs
}

/** The id, and where it was at home last: either line is enough to know it again. */
async function linesOf(root: string): Promise<string[]> {
  const text = await readFile(pathIn(root), 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line !== '')
}

function pathIn(root: string): string {
  return join(runFolder(root), 'installation')
}

/** One text that lasts until the next start, whatever the machine is called meanwhile; and one that lasts longer. */
function thisMachine(): readonly [string, string] {
  const own = textOf(() => readFileSync('/etc/machine-id', 'utf8'))
  // Containers share a kernel, and see different processes.
  const processes = textOf(() => readlinkSync('/proc/self/ns/pid'))
  return [`${bootId()} ${processes}`, `${hostname()} ${own}`]
}

function textOf(read: () => string): string {
  try {
    return read().trim()
  } catch {
    return ''
  }
}

/** The name of the machine alone, as tasks ask for it. */
export function machineOf(host: string): string {
  return host.replace(/\+[^+]*$/, '').toLowerCase()
}
