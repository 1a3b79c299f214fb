/** The package as it would be published, unpacked as npm does it. */

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pkg from '../../package.json' with { type: 'json' }

const repository = resolve(import.meta.dirname, '../..')

export interface Packed {
  readonly tarball: string
  /** Where a program that depends on it lies: its `node_modules` holds the package. */
  readonly folder: string
  /** The package itself, with the libraries that it names beside it and no others. */
  readonly package: string
  /** Holds `hermes` and `hermes-kanban`. */
  readonly bin: string
  remove(): void
}

/** Built in a copy, so that nobody else's `dist` changes under them. */
export function pack(): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'hermes-package-'))
  const copy = join(folder, 'copy')
  const left = new Set(['.git', 'node_modules', 'dist'])
  for (const name of readdirSync(repository)) {
    if (!left.has(name)) cpSync(join(repository, name), join(copy, name), { recursive: true })
  }
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'))
  npm(copy, 'run', 'build', '--ignore-scripts')
  const [{ filename = '' } = {}] = JSON.parse(
    npm(copy, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder),
  ) as { filename?: string }[]
  const tarball = join(folder, filename)
  const modules = join(folder, 'node_modules')
  const unpacked = join(modules, pkg.name)
  mkdirSync(unpacked, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1'])
  for (const name of Object.keys({ ...pkg.dependencies, ...pkg.optionalDependencies })) {
    mkdirSync(resolve(modules, name, '..'), { recursive: true })
    symlinkSync(join(repository, 'node_modules', name), join(modules, name))
  }
  rmSync(copy, { recursive: true })
  const bin = join(modules, '.bin')
  mkdirSync(bin)
  for (const [name, file] of Object.entries(pkg.bin)) {
    symlinkSync(join(unpacked, file), join(bin, name))
  }
  return {
    tarball,
    folder,
    package: unpacked,
    bin,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}

function npm(cwd: string, ...words: string[]): string {
  // The tests' own mode would make another page: with names of files in it.
  const env = { ...process.env, NODE_ENV: 'production' }
  const stdio = ['ignore', 'pipe', 'pipe'] as const
  return execFileSync('npm', words, { cwd, env, encoding: 'utf8', stdio: [...stdio] })
}
