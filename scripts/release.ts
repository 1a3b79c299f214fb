/**
 * `npm run release`: everything that must hold before a version is published, and then a dry run of publishing it.
 * With `-- --publish` it is published, with a statement of where and from which commit it was built: npm makes that on
 * a CI service that vouches for the build, and refuses elsewhere.
 */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import pkg from '../package.json' with { type: 'json' }

const root = resolve(import.meta.dirname, '..')
const { values } = parseArgs({ options: { publish: { type: 'boolean', default: false } } })
const tag = `v${pkg.version}`

const faults = [...ofRepository(), ...ofPapers()]
if (faults.length > 0) {
  for (const fault of faults) console.error(`release: ${fault}`)
  process.exitCode = 1
} else {
  for (const script of ['check', 'test', 'test:long']) step('npm', 'run', script)
  // Only where the registry is asked anyway: a mirror may not know of any.
  if (values.publish) step('npm', 'audit', '--omit=dev', '--audit-level=high')
  step('npm', 'publish', '--access', 'public', values.publish ? '--provenance' : '--dry-run')
}

function* ofRepository(): Generator<string> {
  if (git('status', '--porcelain') !== '') {
    yield 'there are changes that are not committed: commit or put them away'
  }
  if (!git('tag', '--points-at', 'HEAD').split('\n').includes(tag)) {
    yield `this commit is not ${tag}: git tag ${tag}, or set the version in package.json`
  }
}

function* ofPapers(): Generator<string> {
  const changes = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  if (!changes.includes(`\n## ${pkg.version}`)) {
    yield `CHANGELOG.md has no section ${pkg.version}: write what has changed for those who use it`
  }
  if (values.publish && !('repository' in pkg)) {
    yield 'package.json names no repository, which the statement of origin must match: add it'
  }
}

function git(...words: string[]): string {
  return execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim()
}

function step(program: string, ...words: string[]): void {
  console.log(`\n> ${[program, ...words].join(' ')}`)
  execFileSync(program, words, { cwd: root, stdio: 'inherit' })
}
