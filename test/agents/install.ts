import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Program } from './programs.ts'

/** Kept between runs: hundreds of megabytes each. Removed by hand. */
const cache = process.env.HERMES_KANBAN_AGENTS ?? join(tmpdir(), 'hermes-kanban-agents')

const installing = new Map<string, Promise<string>>()

/** Installs the package, unless it is in the cache, and resolves with the folder of its programs. */
export function install(program: Program): Promise<string> {
  const known = installing.get(program.package) ?? installed(program)
  installing.set(program.package, known)
  return known
}

async function installed({ package: name }: Program): Promise<string> {
  const folder = join(cache, name.replaceAll('/', '+'))
  const done = join(folder, 'node_modules', '.package-lock.json')
  if (!existsSync(done)) {
    await mkdir(folder, { recursive: true })
    const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', name]
    await promisify(execFile)('npm', args, { cwd: folder })
  }
  return join(folder, 'node_modules', '.bin')
}
