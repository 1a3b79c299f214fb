import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const LS_FILES = '-c safe.directory=* ls-files -z --cached --others --exclude-standard'.split(' ')

/** What git has or would add; in a copy without git, nothing is known to be ours. */
const files = existsSync('.git')
  ? execFileSync('git', LS_FILES, { encoding: 'utf8' })
      .split('\0')
      .filter((file) => file && existsSync(file) && !/\.(png|svg|ico|gif|woff2)$/.test(file))
  : []

/** `file:line: text` of each line that matches. */
function find(pattern: RegExp, among = files): string[] {
  return among.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, i) =>
        pattern.test(line) ? [`${file}:${i + 1}: ${line.trim().slice(0, 120)}`] : [],
      ),
  )
}

// The brackets keep these patterns from finding themselves.
test('no file names a registry host', () => {
  expect(find(/https?:\/\/[a-z.-]*(n[p]m|debia[n]|verdacci[o])[a-z.-]*\//)).toEqual([])
})

test('no file names a path of the machine it was written on', () => {
  expect(find(/(?<![\w.-])\/(w[o]rk|f[a]rm)\//)).toEqual([])
})

test('no file leaves work for later', () => {
  const code = files.filter((file) => /\.(ts|tsx|mjs|js|css|sh)$/.test(file))
  expect(find(/\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b/, code)).toEqual([])
})

test('the linter refuses what the layout forbids', () => {
  const probes = {
    'src/store/board.ts': "export * from '../board/move.ts'",
    'src/store/model.ts': "export * from '../model/task.ts'",
    'src/dispatcher/lazy.ts': "export const lazy = () => import('../runner/run.ts')",
    'src/board/time.ts': 'export const now = () => Date.now()',
    'src/board/exit.ts': 'process.exitCode = 1',
    'src/board/env.ts': 'export const home = process.env.HOME',
    'web/src/value.ts': "export * from '../../src/model/task.ts'",
  }
  const fine = {
    'src/store/error.ts': "export * from '../model/error.ts'",
    'src/operations/board.ts': "export * from '../board/move.ts'",
    'src/lib/clock.ts': 'export const now = () => Date.now()',
    'src/config.ts': 'export const home = process.env.HOME',
    'web/src/type.ts': "export type * from '../../src/model/task.ts'",
  }

  const dir = mkdtempSync(join(tmpdir(), 'kanban-lint-'))
  for (const file of ['biome.json', '.gitignore', 'tools/lint'])
    cpSync(file, join(dir, file), { recursive: true })
  for (const [file, code] of Object.entries({ ...probes, ...fine })) {
    mkdirSync(join(dir, dirname(file)), { recursive: true })
    writeFileSync(join(dir, file), `${code}\n`)
  }
  const { stdout } = spawnSync(resolve('node_modules/.bin/biome'), ['lint', '--reporter=github'], {
    cwd: dir,
    encoding: 'utf8',
  })
  rmSync(dir, { recursive: true })

  const refused = new Set(
    [...stdout.matchAll(/^::error.*?file=.*?\/((?:src|web)\/.*?),/gm)].map(([, file]) => file),
  )
  expect([...refused].sort()).toEqual(Object.keys(probes).sort())
})

test.each([
  ['a runner starts a worker', ['zod', 'yaml', 'node:crypto'], ['runner/main']],
  [
    'a command lists tasks',
    ['yaml', 'pg', 'node:crypto', 'node:child_process', 'node:fs/promises'],
    [
      'cli/main',
      'cli/kanban',
      'operations/list',
      'board/places',
      'config/database',
      'store/sqlite',
    ],
  ],
])('%s without loading %j', (_what, heavy, modules) => {
  const script = `
    import { registerHooks } from 'node:module'
    const heavy = new Set(${JSON.stringify(heavy)})
    registerHooks({
      resolve(name, from, next) {
        if (heavy.has(name)) console.log(name, from.parentURL)
        return next(name, from)
      },
    })
    for (const name of ${JSON.stringify(modules)}) await import('./src/' + name + '.ts')`
  const args = ['--input-type=module', '--eval', script]
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' })
})
