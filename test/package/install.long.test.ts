/** The package, installed from its file on every Node that it is for, and at work there. */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { type Packed, pack } from './packed.ts'

const repository = resolve(import.meta.dirname, '../..')
const platform = `${process.platform}-${process.arch}`
/** One of them is published under another name. */
const nodePackage = platform === 'darwin-arm64' ? `node-bin-${platform}` : `node-${platform}`

let packed: Packed
let folder = ''
beforeAll(() => {
  packed = pack()
  folder = mkdtempSync(join(tmpdir(), 'hermes-install-'))
}, 120_000)
afterAll(() => {
  packed?.remove()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

describe.each(['22', '24', '26'])('on Node %s', (version) => {
  test('it is installed for all, and goes through the demo', () => {
    const nodes = join(folder, `node-${version}`)
    run('npm', ['install', '--prefix', nodes, '--no-save', `${nodePackage}@${version}`])
    const node = join(nodes, 'node_modules', nodePackage, 'bin', 'node')
    expect(run(node, ['--version'])).toMatch(new RegExp(`^v${version}\\.`))

    const prefix = join(folder, `prefix-${version}`)
    const path = [dirname(node), process.env.PATH].join(delimiter)
    run('npm', ['install', '--global', '--prefix', prefix, packed.tarball], path)
    for (const name of Object.keys(pkg.bin)) {
      expect(run(join(prefix, 'bin', name), ['--version'], path).trim()).toBe(pkg.version)
    }
    const main = join(prefix, 'lib/node_modules', pkg.name, 'dist/main.cjs')
    const told = run(node, [join(repository, 'scripts/demo.ts'), main], path)
    expect(told).toContain('hermes gateway run')
  })
})

/** Throws, with what was said, for whatever does not end well. */
function run(program: string, words: readonly string[], PATH = process.env.PATH): string {
  const env = { ...process.env, PATH }
  return execFileSync(program, words, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
